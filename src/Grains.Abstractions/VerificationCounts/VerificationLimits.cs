namespace KeysCluster.VerificationCounts;

/// <summary>The limits of the counts of verifications.</summary>
public static class VerificationLimits
{
    /// <summary>The number of buckets, which cover 24 hours.</summary>
    public const int MaxBuckets = 288;

    /// <summary>The maximum of a count, more than a process can verify in a day.</summary>
    public const long MaxCount = 1_000_000_000_000;

    /// <summary>The period that a bucket covers.</summary>
    public static readonly TimeSpan BucketSize = TimeSpan.FromMinutes(5);

    /// <summary>Returns the start of the bucket of a time.</summary>
    public static DateTimeOffset GetBucketStart(DateTimeOffset time) =>
        new(time.UtcTicks - time.UtcTicks % BucketSize.Ticks, TimeSpan.Zero);
}
