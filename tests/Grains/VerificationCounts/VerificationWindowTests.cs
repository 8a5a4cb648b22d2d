using KeysCluster.Grains.VerificationCounts;
using KeysCluster.VerificationCounts;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.VerificationCounts;

public sealed class VerificationWindowTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    /// <summary>The begin of a bucket.</summary>
    private static readonly DateTimeOffset Start = VerificationLimits.GetBucketStart(TestData.Start);

    /// <summary>The first time at which the bucket of the start is no longer of interest.</summary>
    private static readonly DateTimeOffset End = Start + VerificationLimits.MaxBuckets * VerificationLimits.BucketSize;

    private readonly VerificationWindow _window = new(Start);

    [Fact]
    public void The_counts_of_all_processes_are_added_by_period_and_verdict()
    {
        var next = Start + VerificationLimits.BucketSize;
        _window.Add(NewBucket(Start, (VerdictCode.Active, 3), (VerdictCode.Revoked, 1)), Start);
        _window.Add(NewBucket(next - Tick, (VerdictCode.Active, 4)), next);
        _window.Add(NewBucket(next, (VerdictCode.Active, 5)), next);

        var buckets = _window.Read(next).Buckets;

        Assert.Equal([Start, next], buckets.Select(bucket => bucket.Start));
        Assert.Equal(
            new Dictionary<VerdictCode, long> { [VerdictCode.Active] = 7, [VerdictCode.Revoked] = 1 },
            buckets[0].Counts);
        Assert.Equal(new Dictionary<VerdictCode, long> { [VerdictCode.Active] = 5 }, buckets[1].Counts);
    }

    [Fact]
    public void A_period_is_kept_for_24_hours()
    {
        _window.Add(NewBucket(Start, (VerdictCode.Active, 1)), Start);

        Assert.Single(_window.Read(End - Tick).Buckets);
        Assert.Equal(Start, _window.Read(End - Tick).Since);
        Assert.Empty(_window.Read(End).Buckets);
        Assert.Equal(Start + VerificationLimits.BucketSize, _window.Read(End).Since);
    }

    [Fact]
    public void Counts_that_arrive_too_late_are_ignored()
    {
        _window.Add(NewBucket(Start, (VerdictCode.Active, 1)), End);

        Assert.Empty(_window.Read(End).Buckets);
    }

    [Fact]
    public void Counts_of_a_clock_that_is_ahead_are_counted_now()
    {
        _window.Add(NewBucket(Start + TimeSpan.FromDays(400), (VerdictCode.Active, 1)), Start);

        Assert.Equal(Start, Assert.Single(_window.Read(Start).Buckets).Start);
    }

    [Fact]
    public void A_verdict_of_a_newer_build_is_ignored()
    {
        _window.Add(NewBucket(Start, ((VerdictCode)99, 1), (VerdictCode.Active, 1)), Start);

        Assert.Equal([VerdictCode.Active], Assert.Single(_window.Read(Start).Buckets).Counts.Keys);
    }

    private static VerificationBucket NewBucket(
        DateTimeOffset start, params (VerdictCode Code, long Count)[] counts) =>
        new(start, counts.ToDictionary(count => count.Code, count => count.Count));
}
