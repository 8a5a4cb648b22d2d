using KeysCluster.VerificationCounts;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.VerificationCounts;

/// <summary>The counts of verifications of the last 24 hours, in at most 40 KB.</summary>
/// <param name="startedAt">Since when they are counted.</param>
internal sealed class VerificationWindow(DateTimeOffset startedAt)
{
    private static readonly int Codes = Enum.GetValues<VerdictCode>().Length;

    private readonly SortedDictionary<DateTimeOffset, long[]> _buckets = [];

    /// <summary>Adds counts, unless they are too old. Those of a clock that is ahead are counted now.</summary>
    public void Add(VerificationBucket bucket, DateTimeOffset now)
    {
        RemoveOld(now);
        var start = VerificationLimits.GetBucketStart(bucket.Start < now ? bucket.Start : now);
        if (start < GetOldest(now)) return;
        if (!_buckets.TryGetValue(start, out var counts)) _buckets[start] = counts = new long[Codes];
        foreach (var (code, count) in bucket.Counts)
        {
            // A front end of a newer build may have a verdict that this one cannot name.
            if (Enum.IsDefined(code)) counts[(int)code] += count;
        }
    }

    public VerificationHistory Read(DateTimeOffset now)
    {
        RemoveOld(now);
        var oldest = GetOldest(now);
        return new VerificationHistory(
            startedAt > oldest ? startedAt : oldest,
            [.. _buckets.Select(bucket => new VerificationBucket(bucket.Key, GetCounts(bucket.Value)))]);
    }

    /// <summary>The current bucket is not complete, so the oldest one is less than 24 hours old.</summary>
    private static DateTimeOffset GetOldest(DateTimeOffset now) =>
        VerificationLimits.GetBucketStart(now) - (VerificationLimits.MaxBuckets - 1) * VerificationLimits.BucketSize;

    private static Dictionary<VerdictCode, long> GetCounts(long[] counts) =>
        Enum.GetValues<VerdictCode>().Where(code => counts[(int)code] > 0).ToDictionary(
            code => code, code => counts[(int)code]);

    private void RemoveOld(DateTimeOffset now)
    {
        var oldest = GetOldest(now);
        while (_buckets.Count > 0 && _buckets.First().Key is var first && first < oldest) _buckets.Remove(first);
    }
}
