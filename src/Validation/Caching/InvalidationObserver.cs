using KeysCluster.Leases;

namespace KeysCluster.Validation.Caching;

internal sealed class InvalidationObserver(IReadOnlyList<ILeasedCache> caches) : IInvalidationObserver
{
    public Task Invalidate(GrainId owner, long revision)
    {
        caches.Find(owner)?.InvalidateAhead(owner.Key.ToString()!, revision);
        return Task.CompletedTask;
    }
}
