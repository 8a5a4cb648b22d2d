using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Cluster;

[Collection(OnCluster.Name)]
public sealed class UnknownKeyTests(KeysTestCluster cluster)
{
    [Fact]
    public async Task Validating_a_secret_of_no_key_writes_nothing_and_leaves_nothing_behind()
    {
        var key = ClusterKey.Unknown(cluster);

        Assert.Equal(Verdict.NotFound, await key.Verdict(key.First));

        await cluster.UntilDeactivated(key.GrainId);
        Assert.False(cluster.IsActive(key.GrainId));
        Assert.Equal(0, key.Writes.Count);
    }

    [Fact]
    public async Task Getting_and_changing_no_key_leaves_nothing_behind()
    {
        var key = ClusterKey.Unknown(cluster);

        Assert.Null(await key.Grain.Get(Sample.Caller));
        Assert.Equal(new(ChangeOutcome.NotFound, null), await key.Rotate(key.Mint()));
        Assert.Equal(new(ChangeOutcome.NotFound, null), await key.Rename("a name"));
        Assert.Equal(new(ChangeOutcome.NotFound, null), await key.Revoke());

        await cluster.UntilDeactivated(key.GrainId);
        Assert.False(cluster.IsActive(key.GrainId));
        Assert.Equal(0, key.Writes.Count);
        Assert.Null(cluster.Reminders.DueAt(key.GrainId));
    }

    [Fact]
    public async Task An_activation_of_a_key_that_exists_stays()
    {
        var key = await ClusterKey.Create(cluster);

        await key.Validate(key.First);
        await key.Validate(key.Mint());
        await key.Settle();

        Assert.True(cluster.IsActive(key.GrainId));
    }

    [Fact]
    public async Task A_key_can_be_created_where_there_was_none_a_moment_ago()
    {
        var key = ClusterKey.Unknown(cluster);

        Assert.Equal(VerdictCode.NotFound, await key.Validate(key.First));
        Assert.Equal(ChangeOutcome.Done, (await key.Create()).Outcome);
        Assert.Equal(VerdictCode.Active, await key.Validate(key.First));
    }
}
