using KeysCluster.Grains.Changes;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Changes;

[Collection(ClusterTests.Name)]
public sealed class IdleGrainTests(KeysTestCluster cluster)
{
    [Theory]
    [InlineData(GrainTypeNames.VirtualKey)]
    [InlineData(GrainTypeNames.Project)]
    public void An_idle_grain_is_deactivated_soon_but_not_before_its_last_use_is_persisted(string grainType) =>
        Assert.InRange(
            cluster.GetIdleTimeout(grainType),
            LastUsedTracker.WriteInterval + TestData.Millisecond,
            TimeSpan.FromMinutes(3));

    [Fact]
    public async Task Collecting_an_idle_key_persists_its_unwritten_last_use()
    {
        var key = await GrainTestKey.CreateAsync(cluster);
        await key.UseAsync(key.First);
        var (usedAt, collected) = (cluster.Now, cluster.WaitForDeactivationAsync(key.GrainId));

        // The runtime measures idle time by the real clock, so a single call may come too early.
        var management = cluster.Grains.GetGrain<IManagementGrain>(0);
        await Wait.UntilAsync(async () =>
        {
            await management.ForceActivationCollection(TimeSpan.FromMilliseconds(1));
            return collected.IsCompleted;
        });

        await collected;
        Assert.Equal(usedAt, key.Stored.LastUsedAt);
        Assert.Equal(VerdictCode.Active, await key.ValidateAsync(key.First));
    }
}
