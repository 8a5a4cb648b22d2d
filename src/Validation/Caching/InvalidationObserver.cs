using KeysCluster.Leases;

namespace KeysCluster.Validation.Caching;

/// <param name="caches">The caches of this client.</param>
/// <param name="getLeaseId">Returns the id of the lease under which the caches are used.</param>
internal sealed class InvalidationObserver(IReadOnlyList<ILeasedCache> caches, Func<Guid> getLeaseId)
    : IInvalidationObserver
{
    public Task<Guid> Invalidate(GrainId owner, long revision)
    {
        // Read first: an acknowledgement counts for the lease under which the caches were used until now.
        var leaseId = getLeaseId();
        caches.Find(owner)?.InvalidateAhead(owner.Key.ToString()!, revision);
        return Task.FromResult(leaseId);
    }
}
