using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests;

public sealed class CrashTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task After_kill_9_in_a_stream_of_rotations_every_acknowledged_secret_is_good_on_SQLite()
    {
        await using var service = new EmbeddedService();
        await using var process = await service.StartAsync();
        var stream = new RotationStream(process.Address, service.ApiKey);
        var run = stream.RunAsync();

        await stream.Warm;
        await process.KillAsync();
        await run;

        await using var restarted = await service.StartAsync();
        await AllAreGood(restarted, service.ApiKey, stream);
    }

    [Fact]
    public async Task After_kill_9_in_a_stream_of_rotations_every_acknowledged_secret_is_good_on_PostgreSQL()
    {
        var cluster = await postgres.CreateClusterAsync();
        await using var process = await cluster.StartSiloAsync();
        var apiKey = await cluster.CreateProjectAsync(process);
        var stream = new RotationStream(process.Address, apiKey);
        var run = stream.RunAsync();

        await stream.Warm;
        await process.KillAsync();
        await run;

        await using var restarted = await cluster.StartSiloAsync();
        await AllAreGood(restarted, apiKey, stream);
    }

    [Fact]
    public async Task After_a_crash_of_PostgreSQL_in_a_stream_of_rotations_every_acknowledged_secret_is_good_without_a_restart()
    {
        var cluster = await postgres.CreateClusterAsync();
        await using var process = await cluster.StartSiloAsync();
        var apiKey = await cluster.CreateProjectAsync(process);
        var stream = new RotationStream(process.Address, apiKey);
        var run = stream.RunAsync();

        await stream.Warm;
        await postgres.Server.KillAsync();
        await run;
        await postgres.Server.StartAsync();
        await process.WaitUntilReadyAsync();

        await AllAreGood(process, apiKey, stream);
    }

    private static async Task AllAreGood(ServiceProcess process, string apiKey, RotationStream stream)
    {
        using var client = process.CreateClient(apiKey);
        Assert.True(stream.Acknowledged.Count >= 100);
        foreach (var secret in stream.Acknowledged)
        {
            var code = await client.VerifyWhenAvailableAsync(secret);
            Assert.True(code is "active" or "retiring", $"An acknowledged secret is {code}.");
        }
    }
}
