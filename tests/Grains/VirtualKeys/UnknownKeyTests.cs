using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.VirtualKeys;

[Collection(ClusterTests.Name)]
public sealed class UnknownKeyTests(KeysTestCluster cluster)
{
    [Fact]
    public async Task Reading_and_changing_an_unknown_key_leaves_no_state_and_no_activation()
    {
        var key = GrainTestKey.Unknown(cluster);

        Assert.Null(await key.Grain.Get(TestData.Caller));
        Assert.Equal(new(ChangeOutcome.NotFound, null), await key.RotateAsync(key.Mint()));
        Assert.Equal(new(ChangeOutcome.NotFound, null), await key.RenameAsync("a name"));
        Assert.Equal(new(ChangeOutcome.NotFound, null), await key.RevokeAsync());

        await cluster.WaitForDeactivationAsync(key.GrainId);
        Assert.False(cluster.IsActive(key.GrainId));
        Assert.Equal(0, key.Writes.Count);
        Assert.Null(cluster.Reminders.GetDueTime(key.GrainId));
    }

    [Fact]
    public async Task The_silo_validates_a_key_that_is_created_after_it_was_not_found()
    {
        var key = GrainTestKey.Unknown(cluster);

        Assert.Equal(VerdictCode.NotFound, await key.ValidateAsync(key.First));
        Assert.Equal(ChangeOutcome.Done, (await key.CreateAsync()).Outcome);
        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(key.First));
    }
}
