using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests;

public sealed class CrashTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Acknowledged_secrets_stay_valid_after_kill_9_during_rotations_on_SQLite()
    {
        await using var service = new EmbeddedService();
        await using var process = await service.StartAsync();
        var stream = new RotationStream(process.Address, service.ApiKey);
        var run = stream.RunAsync();

        await stream.WarmedUp;
        await process.KillAsync();
        await run;

        await using var restarted = await service.StartAsync();
        await AssertAllValidAsync(restarted, service.ApiKey, stream);
    }

    [Fact]
    public async Task Acknowledged_secrets_stay_valid_after_kill_9_during_rotations_on_PostgreSQL()
    {
        var cluster = await postgres.CreateClusterAsync();
        await using var process = await cluster.StartSiloAsync();
        var apiKey = await cluster.CreateProjectAsync(process);
        var stream = new RotationStream(process.Address, apiKey);
        var run = stream.RunAsync();

        await stream.WarmedUp;
        await process.KillAsync();
        await run;

        await using var restarted = await cluster.StartSiloAsync();
        await AssertAllValidAsync(restarted, apiKey, stream);
    }

    [Fact]
    public async Task Acknowledged_secrets_stay_valid_after_PostgreSQL_crashes_without_restarting_the_silo()
    {
        var cluster = await postgres.CreateClusterAsync();
        await using var process = await cluster.StartSiloAsync();
        var apiKey = await cluster.CreateProjectAsync(process);
        var stream = new RotationStream(process.Address, apiKey);
        var run = stream.RunAsync();

        await stream.WarmedUp;
        await postgres.Server.KillAsync();
        await run;
        await postgres.Server.StartAsync();
        await process.WaitUntilReadyAsync();

        await AssertAllValidAsync(process, apiKey, stream);
    }

    private static async Task AssertAllValidAsync(ServiceProcess process, string apiKey, RotationStream stream)
    {
        using var client = process.CreateClient(apiKey);
        Assert.True(stream.AcknowledgedSecrets.Count >= 100);
        foreach (var secret in stream.AcknowledgedSecrets)
        {
            var code = await client.VerifyWithRetryAsync(secret);
            Assert.True(code is "active" or "retiring", $"An acknowledged secret is {code}.");
        }
    }
}
