using KeysCluster.Silo.Storage.Migrations;
using KeysCluster.TestKit;

namespace KeysCluster.Storage.Tests;

/// <summary>A database that an earlier build created, with its script in the journal, is converted.</summary>
public abstract class FirstSchemaTests : StorageTest
{
    private const string StateName = TestKeyState.StateName;

    private protected FirstSchemaTests()
    {
    }

    private protected FirstSchemaTests(PostgresFixture postgres)
        : base(postgres)
    {
    }

    private protected abstract string TablesSql { get; }

    [Fact]
    public async Task Audit_rows_become_events_and_later_events_follow_them()
    {
        var state = TestKeyState.Create("vk_1");
        await WriteAsync(StateName, "vk_1", state);
        state.State = state.State.WithChange("rotate");
        await WriteAsync(StateName, "vk_1", state);
        await WriteAsync("project", "project_a", TestKeyState.Create("project_a"));

        await Database.MigrateAsync();
        state.State = state.State.WithEvent("disable") with { Revision = 3 };
        await WriteAsync(StateName, "vk_1", state);

        object?[][] expected =
        [
            [
                ServiceId, StateName, "vk_1", "project_a", null, 1L, "create", "project_api_key:pk_1",
                "2026-11-22T10:15:00.000Z",
            ],
            [
                ServiceId, StateName, "vk_1", "project_a", null, 2L, "rotate", "project_api_key:pk_2",
                "2026-11-22T10:16:00.000Z",
            ],
            [
                ServiceId, "project", "project_a", "project_a", null, 1L, "create", "project_api_key:pk_1",
                "2026-11-22T10:15:00.000Z",
            ],
            [
                ServiceId, StateName, "vk_1", "project_a", 1L, 3L, "disable", "vk-lw-live_ABC123",
                "2026-11-22T10:17:00.000Z",
            ],
        ];
        Assert.Equal(expected, await Database.QueryRowsAsync(
            """
            SELECT ServiceId, StateName, Id, ProjectId, Number, Revision, Type, Actor, At
            FROM KeysEvent ORDER BY Position
            """));
    }

    [Fact]
    public async Task The_converted_schema_has_the_tables_of_a_new_one()
    {
        await using var other = await CreateDatabaseAsync();
        await other.MigrateAsync();

        await Database.MigrateAsync();

        Assert.Equal(await ReadTablesAsync(other), await ReadTablesAsync(Database));
    }

    [Fact]
    public async Task States_and_lists_are_kept_and_indexed_once()
    {
        await WriteAsync(StateName, "vk_1", TestKeyState.Create("vk_1"));

        await Database.MigrateAsync();
        await WriteAsync(StateName, "vk_2", TestKeyState.Create("vk_2", createdAtMilliseconds: 1));
        await Database.ExecuteScalarAsync("DELETE FROM OrleansStorage WHERE GrainIdExtensionString = 'vk_2'");

        Assert.Equal("vk_1", Assert.Single(await ListPageAsync(StateName, "project_a", 0, 10)).Id);
        Assert.Equal("1", (await ReadAsync(StateName, "vk_1")).ETag);
        Assert.Equal(1, await Database.QueryInt64Async("SELECT COUNT(*) FROM KeysStateIndex"));
    }

    [Fact]
    public async Task Every_script_is_applied_once()
    {
        await Database.MigrateAsync();
        await Database.MigrateAsync();

        string[] scripts =
        [
            "0001_schema.sql",
            .. (Database is PostgreSqlTestDatabase ? MigrationScripts.PostgreSql : MigrationScripts.Sqlite)
                .Select(script => script.Name),
        ];
        var journal = await Database.QueryRowsAsync("SELECT scriptname FROM schemaversions ORDER BY scriptname");
        Assert.Equal(scripts, journal.Select(row => (string)row[0]!));
    }

    private protected override Task PrepareAsync(TestDatabase database)
    {
        database.ApplyFirstSchema();
        return Task.CompletedTask;
    }

    private async Task<List<string>> ReadTablesAsync(TestDatabase database) =>
    [
        .. (await database.QueryRowsAsync(TablesSql)).Select(row => (string)row[0]!)
            .Order(StringComparer.Ordinal),
    ];
}
