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

    [Theory]
    [InlineData("ACCESS SHARE")] // as pg_dump, which reads every table
    [InlineData("ROW EXCLUSIVE")] // as a write
    public async Task A_migration_behind_a_long_transaction_delays_no_request_for_long_and_completes_after_it(
        string lockMode)
    {
        for (var key = 0; key < 4; key++) await WriteAsync(StateName, $"vk_{key}", TestKeyState.Create($"vk_{key}"));
        await using var connection = (NpgsqlConnection)await Database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await LockAllTablesAsync(connection, lockMode);

        var log = new RecordingLogger();
        var migration = Task.Run(() => Database.MigrateAsync(log));
        using var stop = new CancellationTokenSource();
        Task<int>[] load =
        [
            Task.Run(() => WriteRepeatedlyAsync("vk_0", stop.Token)),
            Task.Run(() => WriteRepeatedlyAsync("vk_1", stop.Token)),
            Task.Run(() => RepeatAsync(() => ReadAsync(StateName, "vk_2"), stop.Token)),
            Task.Run(() => RepeatAsync(ListAsync, stop.Token)),
            // The tables that the migration drops: an auditor, and the renewals of silos of the earlier build.
            Task.Run(() => RepeatAsync(ReadAuditAsync, stop.Token)),
            Task.Run(() => RepeatAsync(RenewLeasesAsync, stop.Token)),
        ];

        await Wait.UntilAsync(
            () => log.Count(310) >= 2 || migration.IsCompleted || load.Any(task => task.IsCompleted));
        await stop.CancelAsync();
        var writes = (await Task.WhenAll(load)).Sum();
        Assert.False(migration.IsCompleted, "The migration did not wait for the transaction.");
        await transaction.CommitAsync();
        await migration;

        Assert.Equal(4 + writes, await Database.QueryInt64Async("SELECT COUNT(*) FROM KeysEvent"));
        Assert.Equal(0, await Database.QueryInt64Async(
            "SELECT COUNT(*) FROM pg_tables WHERE tablename IN ('keysaudit', 'keyssilolease')"));
    }

    private protected override Task PrepareAsync(TestDatabase database)
    {
        database.ApplyFirstSchema();
        return Task.CompletedTask;
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

    private Task ReadAuditAsync() => Database.QueryInt64Async("SELECT COUNT(*) FROM KeysAudit");

    private Task RenewLeasesAsync() =>
        Database.ExecuteScalarAsync("UPDATE KeysSiloLease SET ExpiresAt = clock_timestamp() + Length");

    private async Task LockAllTablesAsync(NpgsqlConnection connection, string mode)
    {
        var tables = await Database.QueryRowsAsync(
            "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'");
        Assert.Contains(tables, table => (string)table[0]! == "keysaudit");
        await using var command = new NpgsqlCommand(
            $"LOCK TABLE {string.Join(", ", tables.Select(table => table[0]))} IN {mode} MODE", connection);
        await command.ExecuteNonQueryAsync();
        await using var read = new NpgsqlCommand("SELECT COUNT(*) FROM OrleansStorage, KeysAudit", connection);
        await read.ExecuteScalarAsync();
    }
}
