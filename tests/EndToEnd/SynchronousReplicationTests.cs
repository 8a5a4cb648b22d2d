using System.Diagnostics;
using System.Net;
using KeysCluster.TestKit;
using Npgsql;

namespace KeysCluster.EndToEnd.Tests;

/// <summary>PostgreSQL with synchronous replication, and no standby there.</summary>
public sealed class SynchronousReplicationTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task An_unreplicated_change_is_not_acknowledged_even_on_retry_and_validation_continues()
    {
        var cluster = await postgres.CreateClusterAsync();
        await using var node = await cluster.StartSiloAsync();
        using var client = node.CreateClient(await cluster.CreateProjectAsync(node));
        var (id, secret) = await client.CreateAsync();
        var (rotatedId, _) = await client.CreateAsync();
        var (_, otherSecret) = await client.CreateAsync();

        await SetSynchronousStandbysAsync("'away'");
        await Poll.UntilAsync(CommitsWaitForStandbyAsync, TimeSpan.FromSeconds(30));
        var changes = await Task.WhenAll(client.RevokeAsync(id), client.RotateAsync(rotatedId));
        var again = await client.RevokeAsync(id);
        var verdict = await client.VerifyAsync(otherSecret);
        await SetSynchronousStandbysAsync("''");

        Assert.All([.. changes, again], answer => answer.EnsureStatus(HttpStatusCode.ServiceUnavailable));
        Assert.Equal("active", verdict);
        (await KeysClient.RetryWhileUnavailableAsync(() => client.RevokeAsync(id))).EnsureStatus(HttpStatusCode.OK);
        Assert.Equal("revoked", await client.VerifyWithRetryAsync(secret));
    }

    /// <summary>Servers hear of the new setting a moment later; a commit shows whether they have.</summary>
    private async Task<bool> CommitsWaitForStandbyAsync()
    {
        await using var database = NpgsqlDataSource.Create(postgres.Server.GetConnectionString("postgres"));
        await using var command = database.CreateCommand("SELECT pg_logical_emit_message(true, 'test', '')");
        command.CommandTimeout = 1;
        var begun = Stopwatch.GetTimestamp();
        await command.ExecuteNonQueryAsync();
        return Stopwatch.GetElapsedTime(begun) > TimeSpan.FromMilliseconds(900);
    }

    private async Task SetSynchronousStandbysAsync(string names)
    {
        await using var database = NpgsqlDataSource.Create(postgres.Server.GetConnectionString("postgres"));
        foreach (var sql in new[] { $"ALTER SYSTEM SET synchronous_standby_names = {names}", "SELECT pg_reload_conf()" })
        {
            await using var command = database.CreateCommand(sql);
            await command.ExecuteNonQueryAsync();
        }
    }
}
