using System.Net;
using KeysCluster.TestKit;
using Npgsql;

namespace KeysCluster.EndToEnd.Tests;

/// <summary>PostgreSQL with synchronous replication while the standby is unavailable.</summary>
public sealed class SynchronousReplicationTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly TimeSpan ReloadTimeout = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task An_unreplicated_change_is_not_acknowledged_even_on_retry_and_leases_lapse()
    {
        var cluster = await postgres.CreateClusterAsync();
        await using var silo = await cluster.StartSiloAsync();
        using var client = silo.CreateClient(await cluster.CreateProjectAsync(silo));
        var (id, secret) = await client.CreateAsync();
        var (rotatedId, _) = await client.CreateAsync();
        var (_, otherSecret) = await client.CreateAsync();
        await using var database = NpgsqlDataSource.Create(postgres.Server.GetConnectionString("postgres"));

        await SetSynchronousStandbysAsync(database, "'unavailable'");
        var waitingCommit = await StartWaitingCommitAsync(database);
        var verdict = await client.VerifyAsync(otherSecret);
        var changes = await Task.WhenAll(client.RevokeAsync(id), client.RotateAsync(rotatedId));
        var retry = await client.RevokeAsync(id);

        // A renewal that no standby confirms has failed: after a failover, another silo could not see the lease.
        await Wait.UntilAsync(async () => (await client.SendVerifyAsync(otherSecret)).IsRetryable);
        await SetSynchronousStandbysAsync(database, "''");
        await waitingCommit;

        Assert.All([.. changes, retry], response => response.EnsureStatus(HttpStatusCode.ServiceUnavailable));
        Assert.Equal("active", verdict);
        (await KeysClient.RetryWhileUnavailableAsync(() => client.RevokeAsync(id))).EnsureStatus(HttpStatusCode.OK);
        Assert.Equal("revoked", await client.VerifyWithRetryAsync(secret));
        Assert.Equal("active", await client.VerifyWithRetryAsync(otherSecret));
    }

    /// <summary>
    /// Starts a commit that waits for the standby. PostgreSQL applies a setting some time after the reload, and for all
    /// sessions at once, so every later commit waits as well.
    /// </summary>
    private static async Task<Task> StartWaitingCommitAsync(NpgsqlDataSource database)
    {
        var commit = Task.CompletedTask;
        await Wait.UntilAsync(async () =>
        {
            if (commit.IsCompleted)
            {
                await commit;
                commit = CommitAsync(database);
            }

            return await IsAnyCommitWaitingAsync(database);
        }, ReloadTimeout);
        return commit;
    }

    private static async Task CommitAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("SELECT pg_logical_emit_message(true, 'test', '')");
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<bool> IsAnyCommitWaitingAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand(
            "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep')");
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    private static async Task SetSynchronousStandbysAsync(NpgsqlDataSource database, string names)
    {
        string[] statements = [$"ALTER SYSTEM SET synchronous_standby_names = {names}", "SELECT pg_reload_conf()"];
        foreach (var sql in statements)
        {
            await using var command = database.CreateCommand(sql);
            await command.ExecuteNonQueryAsync();
        }
    }
}
