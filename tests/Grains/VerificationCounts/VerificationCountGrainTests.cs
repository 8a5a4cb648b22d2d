using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.VerificationCounts;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.VerificationCounts;

[Collection(ClusterTests.Name)]
public sealed class VerificationCountGrainTests(KeysTestCluster cluster)
{
    [Fact]
    public async Task A_project_has_the_counts_that_were_added_for_it()
    {
        var grain = GetGrain(ProjectId.New(cluster.Now));
        var other = GetGrain(ProjectId.New(cluster.Now));
        var bucket = new VerificationBucket(
            cluster.Now, new Dictionary<VerdictCode, long> { [VerdictCode.Retiring] = 2 });

        await grain.Add([bucket]);
        await grain.Add([bucket]);

        var history = await grain.Read();
        Assert.Equal(VerificationLimits.GetBucketStart(cluster.Now), Assert.Single(history.Buckets).Start);
        Assert.Equal(4, history.Buckets[0].Counts[VerdictCode.Retiring]);
        Assert.InRange(history.Since, cluster.Now - TimeSpan.FromMinutes(1), cluster.Now);
        Assert.Empty((await other.Read()).Buckets);
    }

    [Fact]
    public async Task Counts_beyond_the_limits_are_refused()
    {
        var grain = GetGrain(ProjectId.New(cluster.Now));
        var bucket = new VerificationBucket(
            cluster.Now, new Dictionary<VerdictCode, long> { [VerdictCode.Active] = 1 });
        VerificationBucket[][] invalid =
        [
            [.. Enumerable.Repeat(bucket, VerificationLimits.MaxBuckets + 1)],
            [bucket with { Counts = new Dictionary<VerdictCode, long> { [VerdictCode.Active] = -1 } }],
            [bucket with { Counts = new Dictionary<VerdictCode, long> { [VerdictCode.Active] = long.MaxValue } }],
        ];

        foreach (var buckets in invalid) await Assert.ThrowsAnyAsync<ArgumentException>(() => grain.Add(buckets));

        Assert.Empty((await grain.Read()).Buckets);
    }

    private IVerificationCountGrain GetGrain(ProjectId project) =>
        cluster.Grains.GetGrain<IVerificationCountGrain>(project.ToString());
}
