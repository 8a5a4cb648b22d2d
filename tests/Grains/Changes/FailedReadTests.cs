using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Storage;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Changes;

[Collection(ClusterTests.Name)]
public sealed class FailedReadTests(KeysTestCluster cluster)
{
    [Fact]
    public async Task The_silo_reports_an_uncached_secret_as_Unavailable_when_the_read_fails()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        key.Reads.FailNext();

        Assert.Equal(Verdict.Unavailable, await key.GetVerdictAsync(key.Mint()));
        Assert.Equal(VerdictCode.NotFound, await key.ValidateAsync(key.Mint()));
    }

    [Fact]
    public async Task A_change_fails_when_storage_cannot_be_read_and_succeeds_when_retried()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await cluster.DeactivateAsync(key.GrainId);
        key.Reads.FailNext();

        await Assert.ThrowsAsync<StorageUnavailableException>(key.RevokeAsync);
        Assert.Equal(1, key.Writes.Count);
        Assert.Equal(ChangeOutcome.Done, (await key.RevokeAsync()).Outcome);
    }

    [Fact]
    public async Task Calls_waiting_for_a_failed_read_fail_only_with_StorageUnavailableException()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await cluster.DeactivateAsync(key.GrainId);
        var gate = new Gate();
        key.Reads.InjectFaults(operation => gate.BlockBeforeAsync(() => Faults.FailBeforeAsync(operation)));

        var calls = Enumerable.Range(0, 5).Select(_ => key.GetAsync()).ToList();
        await gate.Arrived;
        gate.Open();

        await Task.WhenAll(calls).ContinueWith(_ => { }, TaskScheduler.Default).WaitAsync(Wait.Timeout);
        var failures = calls.Where(call => call.IsFaulted).Select(call => call.Exception!.InnerException).ToList();
        Assert.NotEmpty(failures);
        Assert.All(failures, failure => Assert.IsType<StorageUnavailableException>(failure));
    }

    [Fact]
    public async Task A_cached_secret_stays_valid_while_storage_is_unavailable()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        key.Reads.FailNext();

        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(key.First));
        key.Reads.ClearFaults();
    }
}
