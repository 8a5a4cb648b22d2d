using System.Diagnostics;
using System.Net;
using KeysCluster.TestKit;
using Npgsql;

namespace KeysCluster.EndToEnd.Tests;

/// <summary>PostgreSQL with synchronous replication, and no standby there.</summary>
public sealed class StandbyTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task What_no_standby_has_is_not_answered_as_done_nor_when_it_is_sent_again_and_validations_go_on()
    {
        var cluster = await postgres.CreateClusterAsync();
        await using var node = await cluster.StartSiloAsync();
        using var client = node.CreateClient(await cluster.CreateProjectAsync(node));
        var (id, secret) = await client.CreateAsync();
        var (rotatedId, _) = await client.CreateAsync();
        var (_, otherSecret) = await client.CreateAsync();

        await SetStandbysAsync("'away'");
        await Poll.UntilAsync(WaitsForStandbyAsync, TimeSpan.FromSeconds(30));
        var changes = await Task.WhenAll(client.RevokeAsync(id), client.RotateAsync(rotatedId));
        var again = await client.RevokeAsync(id);
        var verdict = await client.VerifyAsync(otherSecret);
        await SetStandbysAsync("''");

        Assert.All([.. changes, again], answer => answer.Expect(HttpStatusCode.ServiceUnavailable));
        Assert.Equal("active", verdict);
        (await KeysClient.WhenAvailableAsync(() => client.RevokeAsync(id))).Expect(HttpStatusCode.OK);
        Assert.Equal("revoked", await client.VerifyWhenAvailableAsync(secret));
    }

    /// <summary>Servers hear of the new setting a moment later; a commit shows whether they have.</summary>
    private async Task<bool> WaitsForStandbyAsync()
    {
        await using var database = NpgsqlDataSource.Create(postgres.Server.ConnectionString("postgres"));
        await using var command = database.CreateCommand("SELECT pg_logical_emit_message(true, 'test', '')");
        command.CommandTimeout = 1;
        var begun = Stopwatch.GetTimestamp();
        await command.ExecuteNonQueryAsync();
        return Stopwatch.GetElapsedTime(begun) > TimeSpan.FromMilliseconds(900);
    }

    private async Task SetStandbysAsync(string names)
    {
        await using var database = NpgsqlDataSource.Create(postgres.Server.ConnectionString("postgres"));
        foreach (var sql in new[] { $"ALTER SYSTEM SET synchronous_standby_names = {names}", "SELECT pg_reload_conf()" })
        {
            await using var command = database.CreateCommand(sql);
            await command.ExecuteNonQueryAsync();
        }
    }
}
