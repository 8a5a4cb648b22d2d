using KeysCluster.Leases;

namespace KeysCluster.Validation.Caching;

internal static class LeasedCacheExtensions
{
    /// <summary>Applies the event log to the caches.</summary>
    public static void Apply(this IReadOnlyList<ILeasedCache> caches, IEnumerable<LogEvent> events)
    {
        foreach (var change in events)
            caches.Find(change.Owner)?.Apply(change.Owner.Key.ToString()!, change.Revision);
    }

    /// <summary>Returns the cache of the grain type of an owner; null when its states are not cached.</summary>
    public static ILeasedCache? Find(this IReadOnlyList<ILeasedCache> caches, GrainId owner)
    {
        foreach (var cache in caches)
            if (cache.GrainType == owner.Type) return cache;
        return null;
    }
}
