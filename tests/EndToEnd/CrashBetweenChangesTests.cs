using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests;

public sealed class CrashBetweenChangesTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    /// <summary>
    /// Creates as many keys as there are steps and makes one step more with each, so that a single crash follows every
    /// step of some key.
    /// </summary>
    [Theory, InlineData(TopologyKind.Embedded), InlineData(TopologyKind.Cluster)]
    public async Task Acknowledged_key_changes_survive_kill_9_between_any_two_changes(TopologyKind kind)
    {
        await using var topology = await TestTopology.CreateAsync(kind, postgres);
        var keys = Enumerable.Range(0, ScriptedKey.StepCount).Select(_ => new ScriptedKey()).ToArray();

        await using var first = await topology.StartAsync();
        var apiKey = await topology.GetApiKeyAsync(first);
        using (var client = first.CreateClient(apiKey))
        {
            for (var i = 0; i < keys.Length; i++) await keys[i].AdvanceAsync(client, i);
            await Task.WhenAll(keys.Select(key => key.AdvanceAsync(client, 1)));
            await first.KillAsync();
        }

        await using var second = await topology.StartAsync();
        using (var client = second.CreateClient(apiKey))
        {
            await AssertAllUnchangedAsync(keys, client);
            for (var i = 0; i < keys.Length; i++) await keys[i].AdvanceAsync(client, ScriptedKey.StepCount - 1 - i);
            await second.KillAsync();
        }

        await using var third = await topology.StartAsync();
        using var last = third.CreateClient(apiKey);
        await AssertAllUnchangedAsync(keys, last);
    }

    private static async Task AssertAllUnchangedAsync(ScriptedKey[] keys, KeysClient client)
    {
        foreach (var key in keys) await key.AssertUnchangedAsync(client);
        var list = await client.ListAsync();
        Assert.Equal(keys.Length, list.Json.GetProperty("data").GetArrayLength());
    }
}
