using KeysCluster.Hosting;
using KeysCluster.Silo.Storage.Migrations;
using KeysCluster.TestKit;

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

    private string SchemaScript => Database is PostgreSqlTestDatabase
        ? MigrationScripts.PostgreSqlSchema
        : MigrationScripts.SqliteSchema;

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
            ["0001_orleans_tables.sql", SchemaScript],
            (await ReadAppliedScriptsAsync()).Where(name => name == "0001_orleans_tables.sql" || name == SchemaScript));
    }

    [Fact]
    public async Task After_the_schema_was_applied_again_a_write_is_indexed_and_recorded_once()
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
            await Database.QueryRowsAsync("SELECT Id, Revision FROM KeysEvent ORDER BY Position"));
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

        Assert.Contains(SchemaScript, exception.Message, StringComparison.Ordinal);
        Assert.Equal(schema, await ReadSchemaAsync());
        Assert.Equal(journal, await ReadJournalAsync());
    }

    [Fact]
    public async Task A_supported_earlier_build_finds_its_scripts_applied()
    {
        string[] earlier = Database is PostgreSqlTestDatabase
            ?
            [
                "0002_schema.sql", "0003_first_schema.sql", "0004_listed_state.sql", "0005_virtual_key_fields.sql",
                "0006_api_keys.sql", "0007_event_queries.sql",
            ]
            : ["0002_schema.sql"];

        Assert.Empty(earlier.Except(await ReadAppliedScriptsAsync()));
    }

    [Fact]
    public async Task A_failed_migration_does_not_record_the_scripts_of_earlier_builds()
    {
        await Database.ExecuteScalarAsync("DROP TABLE OrleansQuery");
        await Database.ExecuteScalarAsync("CREATE TABLE OrleansQuery (Unrelated TEXT)");
        await RenameAppliedScriptsAsync();

        await Assert.ThrowsAsync<StartupException>(Database.MigrateAsync);

        Assert.Equal(["0001_orleans_tables.sql"], await ReadAppliedScriptsAsync());
    }

    [Fact]
    public async Task A_database_from_before_the_table_of_events_is_refused()
    {
        await Database.ExecuteScalarAsync("UPDATE schemaversions SET scriptname = '0001_schema.sql'");
        var schema = await ReadSchemaAsync();

        var exception = await Assert.ThrowsAsync<StartupException>(Database.MigrateAsync);

        Assert.Contains("before the table KeysEvent", exception.Message, StringComparison.Ordinal);
        Assert.Equal(schema, await ReadSchemaAsync());
    }

    /// <summary>Makes the journal that of a database whose schema came from scripts of other names.</summary>
    private protected Task RenameAppliedScriptsAsync() =>
        Database.ExecuteScalarAsync("UPDATE schemaversions SET scriptname = '0001_orleans_tables.sql'");

    private async Task<List<string>> ReadAppliedScriptsAsync() =>
    [
        .. (await Database.QueryRowsAsync("SELECT DISTINCT scriptname FROM schemaversions ORDER BY scriptname"))
            .Select(row => (string)row[0]!),
    ];

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
        .. await Database.QueryRowsAsync("SELECT * FROM KeysEvent"),
    ];
}
