using KeysCluster.Silo.Storage.PostgreSql;
using KeysCluster.TestKit;
using Npgsql;

namespace KeysCluster.Storage.Tests;

/// <summary>Kills its own server.</summary>
[Trait("Requires", "PostgreSQL")]
public sealed class ServerCrashTests(PostgresFixture postgres) : StorageTest(postgres), IClassFixture<PostgresFixture>
{
    private const string StateName = TestKeyState.StateName;

    private readonly PostgresServer _server = postgres.Server;

    [Fact]
    public async Task An_acknowledged_write_survives_a_crash_and_an_orderly_restart_of_the_server()
    {
        await WriteAsync(StateName, "vk_1", TestKeyState.Create("vk_1"));

        await _server.KillAsync();
        await _server.StartAsync();

        var state = await ReadAfterReconnectingAsync();
        Assert.Equal("1", state.ETag);
        state.State = state.State.WithChange("rotate");
        await WriteAsync(StateName, "vk_1", state);

        await _server.StopAsync();
        await _server.StartAsync();

        Assert.Equal("2", (await ReadAfterReconnectingAsync()).ETag);
        Assert.Equal(2, await Database.QueryInt64Async("SELECT COUNT(*) FROM KeysEvent"));
    }

    /// <summary>A server that crashes closes its connections without a reason.</summary>
    [Fact]
    public async Task After_a_crash_of_the_server_and_a_read_of_the_log_no_call_gets_a_broken_connection()
    {
        using var pools = new PostgresDataSources(_server.GetConnectionString("postgres"));
        var store = new PostgresLeaseStore(pools.Leases, pools.Grains, "keys", onServerClosed: pools.Clear);
        await store.ReadLogAsync(after: null, CancellationToken.None);
        await UseEachAsync();

        await _server.KillAsync();
        await _server.StartAsync();
        await Assert.ThrowsAsync<NpgsqlException>(() => store.ReadLogAsync(after: null, CancellationToken.None));
        await store.ReadLogAsync(after: null, CancellationToken.None);

        await UseEachAsync();

        async Task UseEachAsync()
        {
            foreach (var pool in new[] { pools.Grains, pools.Reads, pools.Reminders, pools.Membership })
            {
                await using var command = pool.CreateCommand("SELECT 1");
                await command.ExecuteScalarAsync();
            }
        }
    }

    /// <summary>Reads twice: the first read uses a pooled connection, which ended with the server, and fails.</summary>
    private async Task<TestGrainState> ReadAfterReconnectingAsync()
    {
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ReadAsync(StateName, "vk_1"));
        return await ReadAsync(StateName, "vk_1");
    }
}
