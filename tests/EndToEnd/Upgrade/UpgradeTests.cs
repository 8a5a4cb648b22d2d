using System.Net;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests.Upgrade;

/// <summary>
/// The previous build and this build in one cluster. The schema of the database is always upgraded by this build, which
/// the previous build must tolerate.
/// </summary>
public sealed class UpgradeTests(PostgresFixture postgres, PreviousBuild previousBuild)
    : IClassFixture<PostgresFixture>, IClassFixture<PreviousBuild>
{
    [Fact]
    public async Task A_silo_of_this_build_joins_one_of_the_previous_build_and_takes_over_its_keys()
    {
        await using var cluster = await StartAsync(previousFirst: true);
        var keys = await ChangeKeysThroughAllProcessesAsync(cluster);

        Assert.Equal(0, await cluster.Previous.Silo.StopAsync());

        await AssertTookOverAsync(cluster, keys, [.. cluster.Current.Clients, cluster.Previous.FrontEndClient]);
    }

    [Fact]
    public async Task A_silo_of_the_previous_build_joins_one_of_this_build_and_takes_over_its_keys()
    {
        await using var cluster = await StartAsync(previousFirst: false);
        var keys = await ChangeKeysThroughAllProcessesAsync(cluster);

        Assert.Equal(0, await cluster.Current.Silo.StopAsync());

        await AssertTookOverAsync(cluster, keys, [.. cluster.Previous.Clients, cluster.Current.FrontEndClient]);
    }

    private async Task<MixedVersionCluster> StartAsync(bool previousFirst) =>
        await MixedVersionCluster.StartAsync(await postgres.CreateClusterAsync(), previousBuild, previousFirst);

    /// <summary>
    /// Changes each key through a front end of one build, on a silo of the other build. Returns the keys that are not
    /// revoked, about half of them.
    /// </summary>
    private static async Task<List<MixedVersionKey>> ChangeKeysThroughAllProcessesAsync(MixedVersionCluster cluster)
    {
        var keys = await cluster.CreateKeysAsync();
        var remaining = new List<MixedVersionKey>();
        foreach (var key in keys)
        {
            var (siloBuild, otherBuild) = key.IsOnPreviousSilo
                ? (cluster.Previous, cluster.Current)
                : (cluster.Current, cluster.Previous);
            await key.AssertUseIsReportedAsync(otherBuild.FrontEndClient);
            await key.AssertActiveAsync(cluster.Clients);
            await key.RotateAsync(otherBuild.FrontEndClient, cluster.Clients);
            await key.AssertRotationReplayedAsync(cluster.Clients);
            await key.DisableAndEnableAsync(siloBuild.FrontEndClient, otherBuild.SiloClient, cluster.Clients);

            var isFirstOfItsKind = !remaining.Exists(other =>
                (other.Environment, other.IsOnPreviousSilo) == (key.Environment, key.IsOnPreviousSilo));
            if (isFirstOfItsKind || remaining.Count < keys.Count / 2) remaining.Add(key);
            else await key.RevokeAsync(otherBuild.FrontEndClient, cluster.Clients);
        }

        foreach (var client in cluster.Clients)
        {
            var list = await client.ListAsync("?limit=3");
            list.EnsureStatus(HttpStatusCode.OK);
            Assert.Equal(keys[^1].Id, list.Json.GetProperty("data")[0].GetProperty("id").GetString());
        }

        return remaining;
    }

    /// <summary>Asserts that the remaining silo serves all keys, through both builds.</summary>
    private static async Task AssertTookOverAsync(
        MixedVersionCluster cluster, List<MixedVersionKey> keys, KeysClient[] clients)
    {
        foreach (var key in keys)
        {
            await key.AssertRotatedAsync(clients);
            await key.AssertRotationReplayedAsync(clients);
        }

        foreach (var (index, key) in keys.Index()) await key.RevokeAsync(clients[index % clients.Length], clients);
        foreach (var environment in (string[])["live", "test"])
        {
            foreach (var client in clients)
            {
                var key = await cluster.CreateKeyAsync(client, environment);
                await key.RotateAsync(client, clients);
                await key.AssertRotationReplayedAsync(clients);
            }
        }
    }
}
