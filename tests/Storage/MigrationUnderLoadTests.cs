using KeysCluster.TestKit;
using Npgsql;

namespace KeysCluster.Storage.Tests;

/// <summary>
/// A silo of a new build migrates the database of a service that runs, while a long transaction holds locks.
/// </summary>
[Collection(SharedPostgres.Name), Trait("Requires", "PostgreSQL")]
public sealed class MigrationUnderLoadTests(PostgresFixture postgres) : StorageTest(postgres)
{
    private const string StateName = TestKeyState.StateName;

    /// <summary>The <c>lock_timeout</c> of the scripts is two seconds.</summary>
    private static readonly TimeSpan MaxDuration = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task A_migration_behind_a_long_transaction_delays_no_request_for_long_and_completes_after_it()
    {
        for (var key = 0; key < 4; key++) await WriteAsync(StateName, $"vk_{key}", TestKeyState.Create($"vk_{key}"));
        await using var connection = (NpgsqlConnection)await Database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await LockAllTablesAsync(connection);

        var log = new RecordingLogger();
        var migration = Task.Run(() => Database.MigrateAsync(log));
        using var stop = new CancellationTokenSource();
        Task<int>[] load =
        [
            Task.Run(() => WriteRepeatedlyAsync("vk_0", stop.Token)),
            Task.Run(() => WriteRepeatedlyAsync("vk_1", stop.Token)),
            Task.Run(() => RepeatAsync(() => ReadAsync(StateName, "vk_2"), stop.Token)),
            Task.Run(() => RepeatAsync(ListAsync, stop.Token)),
            Task.Run(() => RepeatAsync(ReadEventsAsync, stop.Token)),
        ];

        await Wait.UntilAsync(
            () => log.Count(310) >= 2 || migration.IsCompleted || load.Any(task => task.IsCompleted));
        await stop.CancelAsync();
        Assert.True((await Task.WhenAll(load)).Sum() > 0);
        Assert.False(migration.IsCompleted, "The migration did not wait for the transaction.");
        await transaction.CommitAsync();
        await migration;

        Assert.Equal(0, await Database.QueryInt64Async("SELECT COUNT(*) FROM KeysEvent"));
        await WriteAsync(StateName, "vk_4", TestKeyState.Create("vk_4"));
        Assert.Equal(1, await Database.QueryInt64Async("SELECT COUNT(*) FROM KeysEvent"));
    }

    /// <summary>
    /// Removes the trigger, as an example of what a build may add to a table with rows: its creation needs a lock that
    /// conflicts with those of writers.
    /// </summary>
    private protected override async Task PrepareAsync(TestDatabase database)
    {
        await database.MigrateAsync();
        await database.ExecuteScalarAsync("DROP TRIGGER keys_state_written ON OrleansStorage");
        await database.ExecuteScalarAsync("UPDATE schemaversions SET scriptname = '0001_orleans_tables.sql'");
    }

    /// <summary>Lists as the earlier build does, which does not know the view that lists of this build read.</summary>
    private Task ListAsync() => Database.QueryRowsAsync("""
        SELECT i.Id, s.PayloadBinary
        FROM (SELECT * FROM KeysStateIndex ORDER BY CreatedAt DESC, Id DESC LIMIT 10) i
        JOIN OrleansStorage s ON s.GrainIdHash = i.GrainIdHash AND s.GrainTypeHash = i.GrainTypeHash
        """);

    private static async Task<int> RepeatAsync(Func<Task> operation, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested) await operation().WaitAsync(MaxDuration, CancellationToken.None);
        return 0;
    }

    /// <returns>The number of writes.</returns>
    private async Task<int> WriteRepeatedlyAsync(string id, CancellationToken stop)
    {
        var state = await ReadAsync(StateName, id);
        var writes = 0;
        await RepeatAsync(
            async () =>
            {
                state.State = state.State.WithChange("rotate");
                await WriteAsync(StateName, id, state);
                writes++;
            },
            stop);
        return writes;
    }

    private Task ReadEventsAsync() => Database.QueryInt64Async("SELECT COUNT(*) FROM KeysEvent");

    /// <summary>Takes the locks of writes.</summary>
    private async Task LockAllTablesAsync(NpgsqlConnection connection)
    {
        var tables = await Database.QueryRowsAsync(
            "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'");
        await using var command = new NpgsqlCommand(
            $"LOCK TABLE {string.Join(", ", tables.Select(table => table[0]))} IN ROW EXCLUSIVE MODE", connection);
        await command.ExecuteNonQueryAsync();
        await using var read = new NpgsqlCommand("SELECT COUNT(*) FROM OrleansStorage", connection);
        await read.ExecuteScalarAsync();
    }
}
