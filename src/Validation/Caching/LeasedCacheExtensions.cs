namespace KeysCluster.Validation.Caching;

internal static class LeasedCacheExtensions
{
    /// <summary>Invalidates an owner in the cache of its grain type.</summary>
    public static void Invalidate(this IEnumerable<ILeasedCache> caches, GrainId owner, long revision) =>
        caches.Single(cache => cache.GrainType == owner.Type).Invalidate(owner.Key.ToString()!, revision);
}
