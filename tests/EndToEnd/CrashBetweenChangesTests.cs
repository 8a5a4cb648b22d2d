using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests;

public sealed class CrashBetweenChangesTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Acknowledged_key_changes_survive_kill_9_between_any_two_changes_on_SQLite()
    {
        await using var service = new EmbeddedService();
        await using var process = await service.StartAsync();
        await CrashBetweenAnyTwoChangesAsync(process, service.ApiKey, () => service.StartAsync());
    }

    [Fact]
    public async Task Acknowledged_key_changes_survive_kill_9_between_any_two_changes_on_PostgreSQL()
    {
        var cluster = await postgres.CreateClusterAsync();
        await using var process = await cluster.StartSiloAsync();
        var apiKey = await cluster.CreateProjectAsync(process);
        await CrashBetweenAnyTwoChangesAsync(process, apiKey, () => cluster.StartSiloAsync());
    }

    /// <summary>One crash meets a key after each step: as many keys as steps, each led one step further than the one before.</summary>
    private static async Task CrashBetweenAnyTwoChangesAsync(ServiceProcess process, string apiKey, Func<Task<ServiceProcess>> restart)
    {
        var keys = Enumerable.Range(0, ScriptedKey.StepCount).Select(_ => new ScriptedKey()).ToArray();
        using (var client = process.CreateClient(apiKey))
        {
            for (var i = 0; i < keys.Length; i++) await keys[i].AdvanceAsync(client, i);
            await Task.WhenAll(keys.Select(key => key.AdvanceAsync(client, 1)));
            await process.KillAsync();
        }

        await using var second = await restart();
        using (var client = second.CreateClient(apiKey))
        {
            await AssertAllUnchangedAsync(keys, client);
            for (var i = 0; i < keys.Length; i++) await keys[i].AdvanceAsync(client, ScriptedKey.StepCount - 1 - i);
            await second.KillAsync();
        }

        await using var third = await restart();
        using var last = third.CreateClient(apiKey);
        await AssertAllUnchangedAsync(keys, last);
    }

    private static async Task AssertAllUnchangedAsync(ScriptedKey[] keys, KeysClient client)
    {
        foreach (var key in keys) await key.AssertUnchangedAsync(client);
        var list = await client.SendAsync(HttpMethod.Get, ScriptedKey.VirtualKeys);
        Assert.Equal(keys.Length, list.Json.GetProperty("data").GetArrayLength());
    }
}
