using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Cluster;

[Collection(ClusterCollection.Name)]
public sealed class LastUsedTrackingTests(KeysTestCluster cluster)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_use_is_visible_immediately()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        cluster.Clock.Advance(Minute);
        await key.ValidateAsync(key.First);

        Assert.Equal(cluster.Now, (await key.GetAsync()).LastUsedAt);
    }

    [Fact]
    public async Task Uses_within_one_minute_are_persisted_once()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        for (var i = 0; i < 5; i++)
        {
            await key.ValidateAsync(key.First);
            cluster.Clock.Advance(TimeSpan.FromSeconds(10));
        }

        await key.WaitForPendingTurnsAsync();
        Assert.Equal(1, key.Writes.Count);

        var lastUse = (await key.GetAsync()).LastUsedAt;
        cluster.Clock.Advance(Minute);
        await key.WaitForPendingTurnsAsync();
        Assert.Equal(2, key.Writes.Count);
        Assert.Equal(lastUse, key.Stored.LastUsedAt);
    }

    [Fact]
    public async Task A_use_is_persisted_once_per_minute_and_an_unused_key_is_not_written()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        for (var uses = 1; uses <= 3; uses++)
        {
            await key.ValidateAsync(key.First);
            cluster.Clock.Advance(Minute);
            await key.WaitForPendingTurnsAsync();
            Assert.Equal(1 + uses, key.Writes.Count);
        }

        cluster.Clock.Advance(10 * Minute);
        await key.WaitForPendingTurnsAsync();
        Assert.Equal(4, key.Writes.Count);
    }

    [Fact]
    public async Task A_refused_validation_does_not_count_as_a_use()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.ValidateAsync(key.Mint());
        await cluster.GrainValidator.ValidateAsync(key.First.Reveal(), TestData.OtherProject);
        cluster.Clock.Advance(Minute);
        await key.WaitForPendingTurnsAsync();

        Assert.Null((await key.GetAsync()).LastUsedAt);
        Assert.Equal(1, key.Writes.Count);
    }

    [Fact]
    public async Task A_use_changes_neither_the_revision_nor_the_update_time()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var before = await key.GetAsync();
        cluster.Clock.Advance(Minute);
        await key.ValidateAsync(key.First);
        cluster.Clock.Advance(Minute);
        await key.WaitForPendingTurnsAsync();

        var after = await key.GetAsync();
        Assert.NotNull(key.Stored.LastUsedAt);
        Assert.Equal((before.Revision, before.UpdatedAt), (after.Revision, after.UpdatedAt));
    }

    [Fact]
    public async Task A_deactivation_persists_the_last_use()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.ValidateAsync(key.First);
        var used = cluster.Now;

        await cluster.DeactivateAsync(key.GrainId);

        Assert.Equal(used, key.Stored.LastUsedAt);
        Assert.Equal(used, (await key.GetAsync()).LastUsedAt);
    }

    [Fact]
    public async Task A_change_persists_the_last_use_in_the_same_write()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.ValidateAsync(key.First);
        var used = cluster.Now;

        Assert.Equal(used, (await key.RenameAsync("other")).Key!.LastUsedAt);
        Assert.Equal(used, key.Stored.LastUsedAt);
        cluster.Clock.Advance(Minute);
        await key.WaitForPendingTurnsAsync();
        Assert.Equal(2, key.Writes.Count);
    }

    [Fact]
    public async Task A_failed_write_of_a_use_loses_no_acknowledged_change()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        var second = await key.RotateAsync();
        await key.ValidateAsync(second);
        key.Writes.FailNext();
        var deactivation = cluster.WaitForDeactivationAsync(key.GrainId);

        cluster.Clock.Advance(Minute);
        await deactivation;

        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(second));
        Assert.Equal(VerdictCode.Retiring, await key.ValidateAsync(key.First));
        Assert.Equal(2, (await key.GetAsync()).Revision);
    }

    [Fact]
    public async Task Validations_are_answered_while_a_use_is_being_written()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.ValidateAsync(key.First);
        var gate = key.Writes.BlockNext();
        cluster.Clock.Advance(Minute);
        await gate.Arrived;

        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(key.First));

        gate.Open();
        await key.WaitForPendingTurnsAsync();
        Assert.Equal(2, key.Writes.Count);
    }
}
