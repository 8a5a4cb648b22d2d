using KeysCluster.Grains.Owners;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Cluster;

[Collection(OnCluster.Name)]
public sealed class IdleGrainTests(KeysTestCluster cluster)
{
    [Theory]
    [InlineData(GrainTypes.VirtualKey)]
    [InlineData(GrainTypes.Project)]
    public void A_grain_that_nobody_calls_goes_early_but_not_before_its_last_use_is_written(string grainType) =>
        Assert.InRange(cluster.IdleLimit(grainType), LastUse.WriteInterval + Sample.Millisecond, TimeSpan.FromMinutes(3));

    [Fact]
    public async Task A_use_that_is_not_written_when_an_idle_key_is_collected_is_written_then()
    {
        var key = await ClusterKey.Create(cluster);
        Assert.Equal(VerdictCode.Active, await key.Validate(key.First));
        var (used, collected) = (cluster.Now, cluster.UntilDeactivated(key.GrainId));

        var management = cluster.Grains.GetGrain<IManagementGrain>(0);
        while (!collected.IsCompleted)
        {
            await management.ForceActivationCollection(TimeSpan.FromMilliseconds(1));
            await Task.WhenAny(collected, Task.Delay(5));
        }

        await collected;
        Assert.Equal(used, key.Stored.LastUsedAt);
        Assert.Equal(VerdictCode.Active, await key.Validate(key.First));
    }
}
