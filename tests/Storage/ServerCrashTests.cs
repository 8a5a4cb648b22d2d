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

    /// <summary>The driver then closes the other connections of the pool.</summary>
    [Fact]
    public async Task A_crash_of_the_server_fails_one_call_of_each_connection_pool()
    {
        const int connections = 5;
        using var pools = new PostgresDataSources(_server.GetConnectionString("postgres"));
        await UseAsync();

        await _server.KillAsync();
        await _server.StartAsync();

        await Assert.ThrowsAsync<NpgsqlException>(UseAsync);
        await UseAsync();

        async Task UseAsync()
        {
            var open = new List<NpgsqlConnection>();
            try
            {
                for (var i = 0; i < connections; i++) open.Add(await pools.Grains.OpenConnectionAsync());
                foreach (var connection in open)
                {
                    await using var command = new NpgsqlCommand("SELECT 1", connection);
                    await command.ExecuteScalarAsync();
                }
            }
            finally
            {
                foreach (var connection in open) await connection.DisposeAsync();
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
