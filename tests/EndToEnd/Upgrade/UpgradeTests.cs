using System.Net;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests.Upgrade;

public sealed class UpgradeTests(PostgresFixture postgres, PreviousBuild previous)
    : IClassFixture<PostgresFixture>, IClassFixture<PreviousBuild>
{
    [PreviousBuildFact]
    public async Task A_node_of_this_build_joins_one_of_the_previous_and_takes_over_from_it()
    {
        await using var cluster = await StartAsync(oldFirst: true);
        var keys = await LeadAsync(cluster);

        Assert.Equal(0, await cluster.Old.StopAsync());

        await GoesOnAsync(cluster.OnNew, keys);
    }

    [PreviousBuildFact]
    public async Task A_node_of_the_previous_build_joins_one_of_this_and_takes_over_from_it()
    {
        await using var cluster = await StartAsync(oldFirst: false);
        var keys = await LeadAsync(cluster);

        Assert.Equal(0, await cluster.New.StopAsync());

        await GoesOnAsync(cluster.OnOld, keys);
    }

    private async Task<MixedCluster> StartAsync(bool oldFirst) => await MixedCluster.StartAsync(
        await postgres.CreateClusterAsync(), await previous.SiloAsync(), oldFirst);

    /// <summary>Changes through either node, seen through both; every fourth key ends revoked.</summary>
    private static async Task<List<MixedKey>> LeadAsync(MixedCluster cluster)
    {
        var keys = await cluster.CreateKeysAsync();
        var (onOld, onNew) = (cluster.OnOld, cluster.OnNew);
        foreach (var (index, key) in keys.Index())
        {
            var (through, other) = index % 2 == 0 ? (onOld, onNew) : (onNew, onOld);
            await key.LeadAsync(through, other);
            if (index % 4 < 2) await key.RevokeAsync(through, onOld, onNew);
        }

        foreach (var client in (KeysClient[])[onOld, onNew])
        {
            var list = await client.SendAsync(HttpMethod.Get, "/api/gateway/v1/virtual-keys?limit=3");
            list.Expect(HttpStatusCode.OK);
            Assert.Equal(keys[^1].Id, list.Json.GetProperty("data")[0].GetProperty("id").GetString());
        }

        return [.. keys.Where((_, index) => index % 4 >= 2)];
    }

    /// <summary>What the node that went held is there, and can be changed.</summary>
    private static async Task GoesOnAsync(KeysClient client, List<MixedKey> keys)
    {
        foreach (var key in keys) await key.StandsAsync(client);
        foreach (var key in keys) await key.RevokeAsync(client, client);
        await (await MixedKey.CreateAsync(client)).LeadAsync(client, client);
    }
}
