using KeysCluster.Storage;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Cluster;

[Collection(OnCluster.Name)]
public sealed class FailedReadTests(KeysTestCluster cluster)
{
    [Fact]
    public async Task A_refusal_that_cannot_be_proven_by_a_read_says_so_and_the_next_one_works()
    {
        var key = await ClusterKey.Create(cluster);
        key.Reads.FailNext();

        Assert.Equal(Verdict.Unavailable, await key.Verdict(key.Mint()));
        Assert.Equal(VerdictCode.NotFound, await key.Validate(key.Mint()));
    }

    [Fact]
    public async Task A_change_that_cannot_read_storage_says_so_and_the_next_one_works()
    {
        var key = await ClusterKey.Create(cluster);
        await cluster.Deactivate(key.GrainId);
        key.Reads.FailNext();

        await Assert.ThrowsAsync<StorageUnavailableException>(key.Revoke);
        Assert.Equal(1, key.Writes.Count);
        Assert.Equal(ChangeOutcome.Done, (await key.Revoke()).Outcome);
    }

    [Fact]
    public async Task Calls_that_wait_for_a_read_that_fails_see_no_other_fault()
    {
        var key = await ClusterKey.Create(cluster);
        await cluster.Deactivate(key.GrainId);
        var gate = new Gate();
        key.Reads.Interfere(_ => gate.Hold(() => Interferences.FailBefore(() => Task.CompletedTask)));

        var calls = Enumerable.Range(0, 5).Select(_ => key.Get()).ToList();
        await gate.Arrived;
        gate.Open();

        await Task.WhenAll(calls).ContinueWith(_ => { }, TaskScheduler.Default);
        var faults = calls.Where(call => call.IsFaulted).Select(call => call.Exception!.InnerException).ToList();
        Assert.NotEmpty(faults);
        Assert.All(faults, fault => Assert.IsType<StorageUnavailableException>(fault));
    }

    [Fact]
    public async Task While_storage_is_away_a_secret_in_memory_goes_on_being_good()
    {
        var key = await ClusterKey.Create(cluster);
        key.Reads.FailNext();

        Assert.Equal(VerdictCode.Active, await key.Validate(key.First));
        key.Reads.Calm();
    }
}
