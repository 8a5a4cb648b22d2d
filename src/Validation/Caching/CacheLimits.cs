namespace KeysCluster.Validation.Caching;

/// <summary>Limits on the age of cache entries.</summary>
internal static class CacheLimits
{
    /// <summary>
    /// A change that takes effect at least this far ahead does not wait for invalidations: every cache has read the
    /// state again by then.
    /// </summary>
    public static readonly TimeSpan InvalidationHorizon = TimeSpan.FromMinutes(10);

    /// <summary>The maximum age at which an entry is used. It is less than <see cref="InvalidationHorizon"/>.</summary>
    public static readonly TimeSpan MaxEntryAge = InvalidationHorizon - TimeSpan.FromMinutes(1);
}
