using KeysCluster.Grains.Storage;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Storage;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Cluster;

[Collection(OnCluster.Name)]
public sealed class FailedWriteTests(KeysTestCluster cluster)
{
    [Fact]
    public async Task After_a_rotation_that_was_not_written_the_next_call_shows_the_old_state()
    {
        var key = await ClusterKey.Create(cluster);
        key.Writes.FailNext();
        var secret = key.Mint();

        await Assert.ThrowsAsync<StorageUnavailableException>(() => key.Rotate(secret));

        Assert.Equal(VerdictCode.Active, await key.Validate(key.First));
        Assert.Equal(VerdictCode.NotFound, await key.Validate(secret));
        Assert.Equal(1, (await key.Get()).Revision);
        Assert.Equal(ChangeOutcome.Done, (await key.Rotate(secret)).Outcome);
    }

    [Fact]
    public async Task After_a_rotation_that_was_written_but_not_answered_the_next_call_shows_the_new_state()
    {
        var key = await ClusterKey.Create(cluster);
        key.Writes.LoseNextAnswer();
        var secret = key.Mint();

        await Assert.ThrowsAsync<StorageUnavailableException>(() => key.Rotate(secret));

        Assert.Equal(VerdictCode.Active, await key.Validate(secret));
        Assert.Equal(VerdictCode.Retiring, await key.Validate(key.First));
        Assert.Equal(2, (await key.Get()).Revision);
    }

    /// <summary>What was read may be a commit that no standby has: the write before it was cut short as it waited.</summary>
    [Fact]
    public async Task What_was_only_read_is_written_again_before_it_is_said_that_nothing_had_to_change()
    {
        var key = await ClusterKey.Create(cluster);
        key.Writes.LoseNextAnswer();
        await Assert.ThrowsAsync<StorageUnavailableException>(key.Revoke);
        key.Writes.FailNext();
        await Assert.ThrowsAsync<StorageUnavailableException>(key.Revoke);
        var writes = key.Writes.Count;

        await key.Revoke();
        await key.Revoke();

        Assert.Equal((writes + 1, 2), (key.Writes.Count, key.Stored.Revision));
    }

    [Fact]
    public async Task A_retry_after_an_unknown_outcome_loses_no_secret()
    {
        var key = await ClusterKey.Create(cluster);
        var acknowledged = await key.Rotate();
        key.Writes.LoseNextAnswer();
        var unknown = key.Mint();
        await Assert.ThrowsAsync<StorageUnavailableException>(() => key.Rotate(unknown));
        var retried = await key.Rotate();

        Assert.Equal(VerdictCode.Retiring, await key.Validate(key.First));
        Assert.Equal(VerdictCode.Retiring, await key.Validate(acknowledged));
        Assert.Equal(VerdictCode.Retiring, await key.Validate(unknown));
        Assert.Equal(VerdictCode.Active, await key.Validate(retried));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_a_revocation_of_unknown_outcome_the_next_call_shows_what_storage_holds(bool isWritten)
    {
        var key = await ClusterKey.Create(cluster);
        if (isWritten) key.Writes.LoseNextAnswer();
        else key.Writes.FailNext();

        await Assert.ThrowsAsync<StorageUnavailableException>(key.Revoke);

        Assert.Equal(isWritten ? VerdictCode.Revoked : VerdictCode.Active, await key.Validate(key.First));
        Assert.Equal(ChangeOutcome.Done, (await key.Revoke()).Outcome);
        Assert.Equal(VerdictCode.Revoked, await key.Validate(key.First));
    }

    [Fact]
    public async Task A_creation_that_was_written_but_not_answered_exists_already_when_retried()
    {
        var key = ClusterKey.Unknown(cluster);
        key.Writes.LoseNextAnswer();

        await Assert.ThrowsAsync<StorageUnavailableException>(key.Create);

        Assert.Equal(ChangeOutcome.AlreadyExists, (await key.Create()).Outcome);
        Assert.Equal(VerdictCode.Active, await key.Validate(key.First));
    }

    [Fact]
    public async Task A_change_over_a_row_that_somebody_else_wrote_fails_and_the_next_call_shows_the_truth()
    {
        var key = await ClusterKey.Create(cluster);
        cluster.Storage.Overwrite<VirtualKeyState>(
            StorageNames.VirtualKey, key.GrainId, state => state with { Name = "theirs", Revision = 9 });

        await Assert.ThrowsAsync<StorageUnavailableException>(() => key.Rename("ours"));

        Assert.Equal(("theirs", 9), ((await key.Get()).Name, (await key.Get()).Revision));
        Assert.Equal(10, (await key.Rename("ours")).Key!.Revision);
    }

    [Fact]
    public async Task While_a_rotation_is_being_written_validations_answer_at_once_from_the_old_state()
    {
        var key = await ClusterKey.Create(cluster);
        var gate = key.Writes.HoldNext();
        var secret = key.Mint();
        var rotation = key.Rotate(secret);
        await gate.Arrived;

        Assert.Equal(VerdictCode.Active, await key.Validate(key.First));
        Assert.Equal(VerdictCode.NotFound, await key.Validate(secret));
        Assert.Equal(1, (await key.Get()).Revision);
        Assert.False(rotation.IsCompleted);

        gate.Open();
        Assert.Equal(ChangeOutcome.Done, (await rotation).Outcome);
        Assert.Equal(VerdictCode.Retiring, await key.Validate(key.First));
        Assert.Equal(VerdictCode.Active, await key.Validate(secret));
    }

    [Fact]
    public async Task A_revocation_counts_from_its_answer_and_not_from_its_beginning()
    {
        var key = await ClusterKey.Create(cluster);
        var gate = key.Writes.HoldNext();
        var revocation = key.Revoke();
        await gate.Arrived;

        Assert.Equal(VerdictCode.Active, await key.Validate(key.First));

        gate.Open();
        await revocation;
        Assert.Equal(VerdictCode.Revoked, await key.Validate(key.First));
    }

    [Fact]
    public async Task Of_changes_that_wait_behind_a_write_only_the_one_whose_own_write_fails_fails()
    {
        var key = await ClusterKey.Create(cluster);
        var gate = key.Writes.HoldNext();
        var held = key.Rename("held");
        await gate.Arrived;
        key.Writes.FailNext();
        Task<VirtualKeyResult>[] waiting = [key.Rename("one"), key.Rename("other")];

        gate.Open();
        Assert.Equal(2, (await held).Key!.Revision);
        await Task.WhenAll(waiting).ContinueWith(_ => { }, TaskScheduler.Default);

        Assert.IsType<StorageUnavailableException>(
            Assert.Single(waiting, change => change.IsFaulted).Exception!.InnerException);
        var done = (await Assert.Single(waiting, change => change.IsCompletedSuccessfully)).Key!;
        Assert.Equal(3, done.Revision);
        Assert.Equal((3, done.Name), ((await key.Get()).Revision, (await key.Get()).Name));
    }

    [Fact]
    public async Task A_validation_during_the_creation_of_a_key_does_not_harm_the_creation()
    {
        var key = ClusterKey.Unknown(cluster);
        var gate = key.Writes.HoldNext();
        var creation = key.Create();
        await gate.Arrived;

        Assert.Equal(VerdictCode.NotFound, await key.Validate(key.First));

        gate.Open();
        Assert.Equal(ChangeOutcome.Done, (await creation).Outcome);
        Assert.Equal(VerdictCode.Active, await key.Validate(key.First));
    }
}
