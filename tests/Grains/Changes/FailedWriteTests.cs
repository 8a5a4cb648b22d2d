using KeysCluster.Grains.Storage;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Storage;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Changes;

[Collection(ClusterTests.Name)]
public sealed class FailedWriteTests(KeysTestCluster cluster)
{
    [Fact]
    public async Task A_rotation_whose_write_failed_leaves_the_previous_state()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        key.Writes.FailNext();
        var secret = key.Mint();

        await Assert.ThrowsAsync<StorageUnavailableException>(() => key.RotateAsync(secret));

        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(key.First));
        Assert.Equal(VerdictCode.NotFound, await key.ValidateAsync(secret));
        Assert.Equal(1, (await key.GetAsync()).Revision);
        Assert.Equal(ChangeOutcome.Done, (await key.RotateAsync(secret)).Outcome);
    }

    [Fact]
    public async Task A_change_that_the_database_refuses_has_an_outcome_and_leaves_the_activation_in_use()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        key.Writes.InjectFaults(_ => throw new StateConstraintException(ChangeOutcome.ExternalIdTaken));
        var update = new UpdateVirtualKeyCommand
        {
            Caller = TestData.Caller,
            SetsExternalId = true,
            ExternalId = "taken",
        };

        var refused = await key.Grain.Update(update);

        Assert.Equal((ChangeOutcome.ExternalIdTaken, null), (refused.Outcome, refused.Key!.ExternalId));
        var reads = key.Reads.Count;
        Assert.Equal(ChangeOutcome.Done, (await key.Grain.Update(update)).Outcome);
        Assert.Equal("taken", key.Stored.ExternalId);
        Assert.Equal(reads, key.Reads.Count);
    }

    [Fact]
    public async Task A_rotation_whose_write_response_was_lost_is_visible_to_the_next_call()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        key.Writes.LoseNextResponse();
        var secret = key.Mint();

        await Assert.ThrowsAsync<StorageUnavailableException>(() => key.RotateAsync(secret));

        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(secret));
        Assert.Equal(VerdictCode.Retiring, await key.ValidateAsync(key.First));
        Assert.Equal(2, (await key.GetAsync()).Revision);
    }

    /// <summary>
    /// The state that was read may be a commit that no standby has, because the write was interrupted while it waited
    /// for the standby.
    /// </summary>
    [Fact]
    public async Task A_repeated_revocation_rewrites_a_state_of_unknown_durability_before_it_succeeds()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        key.Writes.LoseNextResponse();
        await Assert.ThrowsAsync<StorageUnavailableException>(key.RevokeAsync);
        key.Writes.FailNext();
        await Assert.ThrowsAsync<StorageUnavailableException>(key.RevokeAsync);
        var writes = key.Writes.Count;

        await key.RevokeAsync();
        await key.RevokeAsync();

        Assert.Equal((writes + 1, 2), (key.Writes.Count, key.Stored.Revision));
    }

    [Fact]
    public async Task A_retry_after_an_unknown_outcome_loses_no_secret()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var acknowledged = await key.RotateAsync();
        key.Writes.LoseNextResponse();
        var unknown = key.Mint();
        await Assert.ThrowsAsync<StorageUnavailableException>(() => key.RotateAsync(unknown));
        var retried = await key.RotateAsync();

        Assert.Equal(VerdictCode.Retiring, await key.ValidateAsync(key.First));
        Assert.Equal(VerdictCode.Retiring, await key.ValidateAsync(acknowledged));
        Assert.Equal(VerdictCode.Retiring, await key.ValidateAsync(unknown));
        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(retried));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_call_after_a_revocation_of_unknown_outcome_returns_the_stored_state(bool isStored)
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        if (isStored) key.Writes.LoseNextResponse();
        else key.Writes.FailNext();

        await Assert.ThrowsAsync<StorageUnavailableException>(key.RevokeAsync);

        Assert.Equal(isStored ? VerdictCode.Revoked : VerdictCode.Active, await key.ValidateAsync(key.First));
        Assert.Equal(ChangeOutcome.Done, (await key.RevokeAsync()).Outcome);
        Assert.Equal(VerdictCode.Revoked, await key.ValidateAsync(key.First));
    }

    [Fact]
    public async Task A_retried_creation_whose_write_response_was_lost_returns_AlreadyExists()
    {
        var key = GrainTestKey.Unknown(cluster);
        key.Writes.LoseNextResponse();

        await Assert.ThrowsAsync<StorageUnavailableException>(key.CreateAsync);

        Assert.Equal(ChangeOutcome.AlreadyExists, (await key.CreateAsync()).Outcome);
        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(key.First));
    }

    [Fact]
    public async Task A_write_conflict_fails_the_change_and_the_next_call_returns_the_stored_state()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        cluster.Storage.Overwrite<VirtualKeyState>(
            StorageNames.VirtualKey, key.GrainId, state => state with { Name = "stored", Revision = 9 });

        await Assert.ThrowsAsync<StorageUnavailableException>(() => key.RenameAsync("new"));

        Assert.Equal(("stored", 9), ((await key.GetAsync()).Name, (await key.GetAsync()).Revision));
        Assert.Equal(10, (await key.RenameAsync("new")).Key!.Revision);
    }

    [Fact]
    public async Task Validations_are_answered_from_the_previous_state_while_a_rotation_is_being_written()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var gate = key.Writes.BlockNext();
        var secret = key.Mint();
        var rotation = key.RotateAsync(secret);
        await gate.Arrived;

        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(key.First));
        Assert.Equal(VerdictCode.NotFound, await key.ValidateAsync(secret));
        Assert.Equal(1, (await key.GetAsync()).Revision);
        Assert.False(rotation.IsCompleted);

        gate.Open();
        Assert.Equal(ChangeOutcome.Done, (await rotation).Outcome);
        Assert.Equal(VerdictCode.Retiring, await key.ValidateAsync(key.First));
        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(secret));
    }

    [Fact]
    public async Task A_revocation_takes_effect_when_it_is_acknowledged()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var gate = key.Writes.BlockNext();
        var revocation = key.RevokeAsync();
        await gate.Arrived;

        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(key.First));

        gate.Open();
        await revocation;
        Assert.Equal(VerdictCode.Revoked, await key.ValidateAsync(key.First));
    }

    [Fact]
    public async Task A_failed_write_fails_only_its_own_change()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var gate = key.Writes.BlockNext();
        var first = key.RenameAsync("first");
        await gate.Arrived;
        key.Writes.FailNext();
        Task<VirtualKeyResult>[] queued = [key.RenameAsync("second"), key.RenameAsync("third")];

        gate.Open();
        Assert.Equal(2, (await first).Key!.Revision);
        await Task.WhenAll(queued).ContinueWith(_ => { }, TaskScheduler.Default).WaitAsync(Wait.Timeout);

        Assert.IsType<StorageUnavailableException>(
            Assert.Single(queued, change => change.IsFaulted).Exception!.InnerException);
        var succeeded = (await Assert.Single(queued, change => change.IsCompletedSuccessfully)).Key!;
        Assert.Equal(3, succeeded.Revision);
        Assert.Equal((3, succeeded.Name), ((await key.GetAsync()).Revision, (await key.GetAsync()).Name));
    }
}
