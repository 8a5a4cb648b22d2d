using KeysCluster.TestKit;
using Npgsql;

namespace KeysCluster.Storage.Tests;

/// <summary>The indexes of the events are created while the service writes events.</summary>
[Collection(SharedPostgres.Name), Trait("Requires", "PostgreSQL")]
public sealed class EventIndexTests(PostgresFixture postgres) : StorageTest(postgres)
{
    private const string IndexesSql = """
        SELECT i.IndexName, x.indisvalid, pg_get_indexdef(x.indexrelid)
        FROM keys_concurrent_indexes() i JOIN pg_index x ON x.indexrelid = to_regclass(i.IndexName)
        ORDER BY 1
        """;

    [Fact]
    public async Task Indexes_that_are_missing_or_invalid_are_created_as_in_an_empty_database()
    {
        await WriteAsync("virtual-key", "vk_1", TestKeyState.Create("vk_1"));
        var expected = await Database.QueryRowsAsync(IndexesSql);
        await Database.ExecuteScalarAsync(
            """
            DROP INDEX ix_keysevent_project;
            UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_keysevent_type'::regclass
            """);

        await Database.MigrateAsync();

        Assert.Equal(6, expected.Count);
        Assert.Equal(expected, await Database.QueryRowsAsync(IndexesSql));
    }

    [Theory]
    [InlineData("ACCESS SHARE")] // as pg_dump, which reads every table
    [InlineData("ROW EXCLUSIVE")] // as a write
    public async Task Creating_an_index_waits_for_a_long_transaction_and_no_writer_waits_for_it(string lockMode)
    {
        var state = TestKeyState.Create("vk_1");
        await WriteAsync("virtual-key", "vk_1", state);
        await Database.ExecuteScalarAsync("DROP INDEX ix_keysevent_at, ix_keysevent_actor");
        await using var connection = (NpgsqlConnection)await Database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(
            $"LOCK TABLE KeysEvent IN {lockMode} MODE; SELECT pg_current_xact_id()", connection);
        await command.ExecuteNonQueryAsync();

        var migration = Task.Run(Database.MigrateAsync);
        await Wait.UntilAsync(async () => await Database.QueryInt64Async(
            "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'virtualxid' AND NOT granted") == 1);
        for (var i = 0; i < 3; i++)
        {
            state.State = state.State.WithChange("rotate");
            await WriteAsync("virtual-key", "vk_1", state).WaitAsync(TimeSpan.FromSeconds(2));
        }

        Assert.False(migration.IsCompleted);
        await transaction.CommitAsync();
        await migration;

        Assert.Equal(6, (await Database.QueryRowsAsync(IndexesSql)).Count(index => (bool)index[1]!));
        Assert.Equal(4, await Database.QueryInt64Async("SELECT COUNT(*) FROM KeysEvent"));
    }

    /// <summary>A silo that waits for the migration of another one must not have a snapshot.</summary>
    [Fact]
    public async Task Several_silos_that_start_at_once_create_the_indexes_once()
    {
        await WriteAsync("virtual-key", "vk_1", TestKeyState.Create("vk_1"));
        await Database.ExecuteScalarAsync("DROP INDEX ix_keysevent_at, ix_keysevent_actor, ix_keysevent_project");

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(Database.MigrateAsync)));

        Assert.Equal(6, (await Database.QueryRowsAsync(IndexesSql)).Count(index => (bool)index[1]!));
    }
}
