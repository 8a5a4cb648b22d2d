using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests;

public sealed class CrashBetweenStepsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task After_kill_9_between_any_two_changes_of_a_key_all_that_was_acknowledged_stands_on_SQLite()
    {
        await using var service = new EmbeddedService();
        await using var process = await service.StartAsync();
        await CrashBetweenAnyTwoSteps(process, service.ApiKey, () => service.StartAsync());
    }

    [Fact]
    public async Task After_kill_9_between_any_two_changes_of_a_key_all_that_was_acknowledged_stands_on_PostgreSQL()
    {
        var cluster = await postgres.CreateClusterAsync();
        await using var process = await cluster.StartSiloAsync();
        var apiKey = await cluster.CreateProjectAsync(process);
        await CrashBetweenAnyTwoSteps(process, apiKey, () => cluster.StartSiloAsync());
    }

    /// <summary>One crash meets a key after each step: as many keys as steps, each led one step further than the one before.</summary>
    private static async Task CrashBetweenAnyTwoSteps(ServiceProcess process, string apiKey, Func<Task<ServiceProcess>> restart)
    {
        var keys = Enumerable.Range(0, SteeredKey.StepCount).Select(_ => new SteeredKey()).ToArray();
        using (var client = process.CreateClient(apiKey))
        {
            for (var i = 0; i < keys.Length; i++) await keys[i].Go(client, i);
            await Task.WhenAll(keys.Select(key => key.Go(client, 1)));
            await process.KillAsync();
        }

        await using var second = await restart();
        using (var client = second.CreateClient(apiKey))
        {
            await AllStand(keys, client);
            for (var i = 0; i < keys.Length; i++) await keys[i].Go(client, SteeredKey.StepCount - 1 - i);
            await second.KillAsync();
        }

        await using var third = await restart();
        using var last = third.CreateClient(apiKey);
        await AllStand(keys, last);
    }

    private static async Task AllStand(SteeredKey[] keys, KeysClient client)
    {
        foreach (var key in keys) await key.Stands(client);
        var list = await client.SendAsync(HttpMethod.Get, SteeredKey.VirtualKeys);
        Assert.Equal(keys.Length, list.Json.GetProperty("data").GetArrayLength());
    }
}
