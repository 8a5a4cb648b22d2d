using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Cluster;

[Collection(OnCluster.Name)]
public sealed class LastUseTests(KeysTestCluster cluster)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_use_is_shown_at_once()
    {
        var key = await ClusterKey.Create(cluster);
        cluster.Clock.Advance(Minute);
        await key.Validate(key.First);

        Assert.Equal(cluster.Now, (await key.Get()).LastUsedAt);
    }

    [Fact]
    public async Task Many_uses_within_a_minute_are_written_once()
    {
        var key = await ClusterKey.Create(cluster);
        for (var i = 0; i < 5; i++)
        {
            await key.Validate(key.First);
            cluster.Clock.Advance(TimeSpan.FromSeconds(10));
        }

        await key.Settle();
        Assert.Equal(1, key.Writes.Count);

        var lastUse = (await key.Get()).LastUsedAt;
        cluster.Clock.Advance(Minute);
        await key.Settle();
        Assert.Equal(2, key.Writes.Count);
        Assert.Equal(lastUse, key.Stored.LastUsedAt);
    }

    [Fact]
    public async Task A_key_that_is_used_again_is_written_again_and_an_unused_one_is_not()
    {
        var key = await ClusterKey.Create(cluster);
        for (var uses = 1; uses <= 3; uses++)
        {
            await key.Validate(key.First);
            cluster.Clock.Advance(Minute);
            await key.Settle();
            Assert.Equal(1 + uses, key.Writes.Count);
        }

        cluster.Clock.Advance(10 * Minute);
        await key.Settle();
        Assert.Equal(4, key.Writes.Count);
    }

    [Fact]
    public async Task A_refused_secret_is_not_a_use()
    {
        var key = await ClusterKey.Create(cluster);
        await key.Validate(key.Mint());
        await cluster.Validator.ValidateAsync(key.First.Reveal(), Sample.OtherProject);
        cluster.Clock.Advance(Minute);
        await key.Settle();

        Assert.Null((await key.Get()).LastUsedAt);
        Assert.Equal(1, key.Writes.Count);
    }

    [Fact]
    public async Task A_use_changes_neither_the_revision_nor_the_time_of_the_last_change()
    {
        var key = await ClusterKey.Create(cluster);
        var before = await key.Get();
        cluster.Clock.Advance(Minute);
        await key.Validate(key.First);
        cluster.Clock.Advance(Minute);
        await key.Settle();

        var after = await key.Get();
        Assert.NotNull(key.Stored.LastUsedAt);
        Assert.Equal((before.Revision, before.UpdatedAt), (after.Revision, after.UpdatedAt));
    }

    [Fact]
    public async Task A_deactivation_writes_the_last_use()
    {
        var key = await ClusterKey.Create(cluster);
        await key.Validate(key.First);
        var used = cluster.Now;

        await cluster.Deactivate(key.GrainId);

        Assert.Equal(used, key.Stored.LastUsedAt);
        Assert.Equal(used, (await key.Get()).LastUsedAt);
    }

    [Fact]
    public async Task A_change_takes_the_last_use_along()
    {
        var key = await ClusterKey.Create(cluster);
        await key.Validate(key.First);
        var used = cluster.Now;

        Assert.Equal(used, (await key.Rename("other")).Key!.LastUsedAt);
        Assert.Equal(used, key.Stored.LastUsedAt);
        cluster.Clock.Advance(Minute);
        await key.Settle();
        Assert.Equal(2, key.Writes.Count);
    }

    [Fact]
    public async Task A_use_that_cannot_be_written_costs_no_acknowledged_change()
    {
        var key = await ClusterKey.Create(cluster);
        var second = await key.Rotate();
        await key.Validate(second);
        key.Writes.FailNext();
        var deactivation = cluster.UntilDeactivated(key.GrainId);

        cluster.Clock.Advance(Minute);
        await deactivation;

        Assert.Equal(VerdictCode.Active, await key.Validate(second));
        Assert.Equal(VerdictCode.Retiring, await key.Validate(key.First));
        Assert.Equal(2, (await key.Get()).Revision);
    }

    [Fact]
    public async Task While_a_use_is_being_written_validations_answer_at_once()
    {
        var key = await ClusterKey.Create(cluster);
        await key.Validate(key.First);
        var gate = key.Writes.HoldNext();
        cluster.Clock.Advance(Minute);
        await gate.Arrived;

        Assert.Equal(VerdictCode.Active, await key.Validate(key.First));

        gate.Open();
        await key.Settle();
        Assert.Equal(2, key.Writes.Count);
    }
}
