using System.Net;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests.Upgrade;

public sealed class UpgradeTests(PostgresFixture postgres, PreviousBuild previous)
    : IClassFixture<PostgresFixture>, IClassFixture<PreviousBuild>
{
    [PreviousBuildFact]
    public async Task A_silo_of_this_build_joins_one_of_the_previous_build_and_takes_over_its_keys()
    {
        await using var cluster = await StartAsync(oldFirst: true);
        var keys = await ChangeKeysThroughBothAsync(cluster);

        Assert.Equal(0, await cluster.PreviousSilo.StopAsync());

        await AssertTookOverAsync(cluster.CurrentClient, keys);
    }

    [PreviousBuildFact]
    public async Task A_silo_of_the_previous_build_joins_one_of_this_build_and_takes_over_its_keys()
    {
        await using var cluster = await StartAsync(oldFirst: false);
        var keys = await ChangeKeysThroughBothAsync(cluster);

        Assert.Equal(0, await cluster.CurrentSilo.StopAsync());

        await AssertTookOverAsync(cluster.PreviousClient, keys);
    }

    private async Task<MixedVersionCluster> StartAsync(bool oldFirst) => await MixedVersionCluster.StartAsync(
        await postgres.CreateClusterAsync(), await previous.GetSiloPathAsync(), oldFirst);

    /// <summary>Changes through either node, seen through both; every fourth key ends revoked.</summary>
    private static async Task<List<MixedVersionKey>> ChangeKeysThroughBothAsync(MixedVersionCluster cluster)
    {
        var keys = await cluster.CreateKeysAsync();
        var (onOld, onNew) = (cluster.PreviousClient, cluster.CurrentClient);
        foreach (var (index, key) in keys.Index())
        {
            var (through, other) = index % 2 == 0 ? (onOld, onNew) : (onNew, onOld);
            await key.RotateDisableAndEnableAsync(through, other);
            if (index % 4 < 2) await key.RevokeAsync(through, onOld, onNew);
        }

        foreach (var client in (KeysClient[])[onOld, onNew])
        {
            var list = await client.SendAsync(HttpMethod.Get, "/api/gateway/v1/virtual-keys?limit=3");
            list.EnsureStatus(HttpStatusCode.OK);
            Assert.Equal(keys[^1].Id, list.Json.GetProperty("data")[0].GetProperty("id").GetString());
        }

        return [.. keys.Where((_, index) => index % 4 >= 2)];
    }

    /// <summary>What the node that went held is there, and can be changed.</summary>
    private static async Task AssertTookOverAsync(KeysClient client, List<MixedVersionKey> keys)
    {
        foreach (var key in keys) await key.AssertRotatedAsync(client);
        foreach (var key in keys) await key.RevokeAsync(client, client);
        await (await MixedVersionKey.CreateAsync(client)).RotateDisableAndEnableAsync(client, client);
    }
}
