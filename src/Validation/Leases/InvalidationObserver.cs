using KeysCluster.Leases;
using KeysCluster.Validation.Caching;

namespace KeysCluster.Validation.Leases;

internal sealed class InvalidationObserver(IEnumerable<ILeasedCache> caches) : IInvalidationObserver
{
    public Task Invalidate(GrainId owner, long revision)
    {
        caches.Invalidate(owner, revision);
        return Task.CompletedTask;
    }
}
