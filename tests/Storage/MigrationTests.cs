using KeysCluster.Hosting;
using KeysCluster.TestKit;
using Npgsql;

namespace KeysCluster.Storage.Tests;

public abstract class MigrationTests : StorageTest
{
    private const string StateName = TestKeyState.StateName;

    private protected MigrationTests()
    {
    }

    private protected MigrationTests(PostgresFixture postgres)
        : base(postgres)
    {
    }

    /// <summary>
    /// Selects every object of the schema, with identifiers that change when a table or index is recreated.
    /// </summary>
    private protected abstract string SchemaSql { get; }

    [Fact]
    public async Task Migrating_again_changes_nothing()
    {
        await WriteAsync(StateName, "vk_1", TestKeyState.Create("vk_1"));
        var journal = await ReadJournalAsync();

        await Database.MigrateAsync();

        Assert.NotEmpty(journal);
        Assert.Equal(journal, await ReadJournalAsync());
        Assert.True((await ReadAsync(StateName, "vk_1")).RecordExists);
    }

    [Fact]
    public async Task Applying_the_schema_to_a_database_that_has_it_changes_neither_schema_nor_data()
    {
        await WriteAsync(StateName, "vk_1", TestKeyState.Create("vk_1"));
        await RenameAppliedScriptsAsync();
        var (schema, data) = (await ReadSchemaAsync(), await ReadDataAsync());

        await Database.MigrateAsync();

        Assert.Equal(schema, await ReadSchemaAsync());
        Assert.Equal(data, await ReadDataAsync());
        Assert.Equal(
            [["0001_orleans_tables.sql"], ["0001_schema.sql"]],
            await Database.QueryRowsAsync("SELECT scriptname FROM schemaversions ORDER BY scriptname"));
    }

    [Fact]
    public async Task After_the_schema_was_applied_again_a_write_is_indexed_and_audited_once()
    {
        var state = TestKeyState.Create("vk_1");
        await WriteAsync(StateName, "vk_1", state);
        await RenameAppliedScriptsAsync();

        await Database.MigrateAsync();
        state.State = state.State.WithChange("rotate");
        await WriteAsync(StateName, "vk_1", state);
        await WriteAsync(StateName, "vk_2", TestKeyState.Create("vk_2"));

        Assert.Equal(2, await Database.QueryInt64Async("SELECT COUNT(*) FROM KeysStateIndex"));
        Assert.Equal(
            [["vk_1", 1L], ["vk_1", 2L], ["vk_2", 1L]],
            await Database.QueryRowsAsync("SELECT Id, Revision FROM KeysAudit ORDER BY Seq"));
    }

    [Fact]
    public async Task Applying_the_schema_replaces_query_texts_that_differ()
    {
        const string query = "SELECT QueryText FROM OrleansQuery WHERE QueryKey = 'ReadFromStorageKey'";
        var text = await Database.ExecuteScalarAsync(query);
        await Database.ExecuteScalarAsync("UPDATE OrleansQuery SET QueryText = 'SELECT 1'");
        await RenameAppliedScriptsAsync();

        await Database.MigrateAsync();

        Assert.Equal(text, await Database.ExecuteScalarAsync(query));
        Assert.Equal(
            0, await Database.QueryInt64Async("SELECT COUNT(*) FROM OrleansQuery WHERE QueryText = 'SELECT 1'"));
    }

    [Fact]
    public async Task A_failed_migration_names_its_script_and_is_rolled_back()
    {
        await Database.ExecuteScalarAsync("DROP TABLE KeysSettings");
        await Database.ExecuteScalarAsync("DROP TABLE OrleansQuery");
        await Database.ExecuteScalarAsync("CREATE TABLE OrleansQuery (Unrelated TEXT)");
        await RenameAppliedScriptsAsync();
        var (schema, journal) = (await ReadSchemaAsync(), await ReadJournalAsync());

        var exception = await Assert.ThrowsAsync<StartupException>(Database.MigrateAsync);

        Assert.Contains("0001_schema.sql", exception.Message, StringComparison.Ordinal);
        Assert.Equal(schema, await ReadSchemaAsync());
        Assert.Equal(journal, await ReadJournalAsync());
    }

    /// <summary>Makes the journal that of a database whose schema came from scripts of other names.</summary>
    private protected Task RenameAppliedScriptsAsync() =>
        Database.ExecuteScalarAsync("UPDATE schemaversions SET scriptname = '0001_orleans_tables.sql'");

    private Task<List<object?[]>> ReadJournalAsync() =>
        Database.QueryRowsAsync("SELECT * FROM schemaversions ORDER BY 1");

    private async Task<List<object?[]>> ReadSchemaAsync()
    {
        var schema = await Database.QueryRowsAsync(SchemaSql);
        Assert.NotEmpty(schema);
        return schema;
    }

    private async Task<List<object?[]>> ReadDataAsync() =>
    [
        .. await Database.QueryRowsAsync("SELECT * FROM OrleansQuery ORDER BY QueryKey"),
        .. await Database.QueryRowsAsync("SELECT * FROM OrleansStorage"),
        .. await Database.QueryRowsAsync("SELECT * FROM KeysStateIndex"),
        .. await Database.QueryRowsAsync("SELECT * FROM KeysAudit"),
    ];
}

public sealed class MigrationOnSqliteTests : MigrationTests
{
    private protected override string SchemaSql =>
        "SELECT type, name, tbl_name, rootpage, sql FROM sqlite_master ORDER BY 1, 2";
}

[Collection(SharedPostgres.Name), Trait("Requires", "PostgreSQL")]
public sealed class MigrationOnPostgresTests(PostgresFixture postgres) : MigrationTests(postgres)
{
    private protected override string SchemaSql => """
        SELECT 'column', attrelid, attname::text, concat_ws(' ', format_type(atttypid, atttypmod), attnotnull,
               attidentity, attcollation::regcollation, pg_get_expr(adbin, adrelid))
        FROM pg_attribute
        JOIN pg_class c ON c.oid = attrelid
        LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0
        UNION ALL
        SELECT 'relation', oid, relname, concat_ws(' ', relkind, relfilenode, reloptions)
        FROM pg_class WHERE relnamespace = 'public'::regnamespace
        UNION ALL
        SELECT 'index', indexrelid, indexrelid::regclass::text, pg_get_indexdef(indexrelid)
        FROM pg_index JOIN pg_class c ON c.oid = indexrelid WHERE relnamespace = 'public'::regnamespace
        UNION ALL
        SELECT 'constraint', oid, conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL
        SELECT 'function', oid, proname, pg_get_functiondef(oid)
        FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION ALL
        SELECT 'trigger', oid, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
        ORDER BY 1, 2, 3
        """;

    /// <summary>Lock conflicts are symmetric: a script that waits for no writer blocks none.</summary>
    [Fact]
    public async Task Applying_the_schema_to_a_database_that_has_it_neither_waits_for_writers_nor_blocks_them()
    {
        await RenameAppliedScriptsAsync();
        var database = ((PostgreSqlTestDatabase)Database).ConnectionString;
        await using var writer = new NpgsqlConnection(database);
        await writer.OpenAsync();
        await using var transaction = await writer.BeginTransactionAsync();
        var tables = await Database.QueryRowsAsync(
            "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'");
        foreach (var table in tables)
        {
            await using var write = new NpgsqlCommand($"LOCK TABLE {table[0]} IN ROW EXCLUSIVE MODE", writer);
            await write.ExecuteNonQueryAsync();
        }

        await using var withLockTimeout = new PostgreSqlTestDatabase(
            new NpgsqlConnectionStringBuilder(database) { Options = "-c lock_timeout=2s" }.ConnectionString);
        await withLockTimeout.MigrateAsync();

        Assert.Equal(1, await Database.QueryInt64Async(
            "SELECT COUNT(*) FROM schemaversions WHERE scriptname = '0001_schema.sql'"));
    }
}
