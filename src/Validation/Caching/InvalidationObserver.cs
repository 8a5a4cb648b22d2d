using KeysCluster.Leases;

namespace KeysCluster.Validation.Caching;

internal sealed class InvalidationObserver(IEnumerable<ILeasedCache> caches) : IInvalidationObserver
{
    public Task Invalidate(GrainId owner, long revision)
    {
        caches.Invalidate(owner, revision);
        return Task.CompletedTask;
    }
}
