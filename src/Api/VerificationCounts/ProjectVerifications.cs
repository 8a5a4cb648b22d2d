using KeysCluster.VerificationCounts;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.VerificationCounts;

/// <summary>
/// The verifications of a project that its grain does not know yet. Requests increment concurrently; all else is
/// called by the <see cref="VerificationReporter"/> alone.
/// </summary>
internal sealed class ProjectVerifications
{
    /// <summary>Counts of an hour, which a failing grain does not lose.</summary>
    public const int MaxUnsentBuckets = 12;

    private static readonly VerdictCode[] Codes = Enum.GetValues<VerdictCode>();

    private readonly long[] _counts = new long[Codes.Length];
    private readonly SortedDictionary<DateTimeOffset, long[]> _unsent = [];

    public bool IsSent => _unsent.Count == 0;

    public void Increment(VerdictCode code) => Interlocked.Increment(ref _counts[(int)code]);

    /// <summary>Moves what was counted since the last call to the bucket of a time.</summary>
    /// <returns>How many verifications are discarded, because they could not be sent for too long.</returns>
    public long Collect(DateTimeOffset now)
    {
        var start = VerificationLimits.GetBucketStart(now);
        for (var code = 0; code < _counts.Length; code++)
        {
            var count = Interlocked.Exchange(ref _counts[code], 0);
            if (count == 0) continue;
            if (!_unsent.TryGetValue(start, out var bucket)) _unsent[start] = bucket = new long[_counts.Length];
            bucket[code] += count;
        }

        if (_unsent.Count <= MaxUnsentBuckets) return 0;
        var oldest = _unsent.First();
        _unsent.Remove(oldest.Key);
        return oldest.Value.Sum();
    }

    public IReadOnlyList<VerificationBucket> GetUnsent() =>
    [
        .. _unsent.Select(bucket => new VerificationBucket(
            bucket.Key,
            Codes.Where(code => bucket.Value[(int)code] > 0).ToDictionary(
                code => code, code => bucket.Value[(int)code]))),
    ];

    public void SetSent() => _unsent.Clear();
}
