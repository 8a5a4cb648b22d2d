using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests;

public sealed class CrashTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory, InlineData(TopologyKind.Embedded), InlineData(TopologyKind.Cluster)]
    public async Task Acknowledged_secrets_stay_valid_after_kill_9_during_rotations(TopologyKind kind)
    {
        await using var topology = await TestTopology.CreateAsync(kind, postgres);
        await using var process = await topology.StartAsync();
        var apiKey = await topology.GetApiKeyAsync(process);
        var stream = new RotationStream(process.Address, apiKey);

        await stream.RunUntilAsync(process.KillAsync);

        await using var restarted = await topology.StartAsync();
        await AssertAllValidAsync(restarted, apiKey, stream);
    }

    [Fact]
    public async Task Acknowledged_secrets_stay_valid_after_PostgreSQL_crashes_without_restarting_the_silo()
    {
        var cluster = await postgres.CreateClusterAsync();
        await using var silo = await cluster.StartSiloAsync();
        var apiKey = await cluster.CreateProjectAsync(silo);
        var stream = new RotationStream(silo.Address, apiKey);

        await stream.RunUntilAsync(postgres.Server.KillAsync);

        await postgres.Server.StartAsync();
        await silo.WaitUntilReadyAsync();
        await AssertAllValidAsync(silo, apiKey, stream);
    }

    private static async Task AssertAllValidAsync(ServiceProcess process, string apiKey, RotationStream stream)
    {
        using var client = process.CreateClient(apiKey);
        foreach (var secret in stream.AcknowledgedSecrets)
        {
            var code = await client.VerifyWithRetryAsync(secret);
            Assert.True(code is "active" or "retiring", $"The verdict on an acknowledged secret is {code}.");
        }
    }
}
