using KeysCluster.Silo.Storage;

namespace KeysCluster.Storage.Tests;

public abstract class MigrationTests : StorageTest
{
    private protected MigrationTests()
    {
    }

    private protected MigrationTests(PostgresFixture postgres)
        : base(postgres)
    {
    }

    [Fact]
    public async Task Migrating_again_changes_nothing()
    {
        await WriteAsync(TestKeyState.StateName, "vk_1", TestKeyState.Create("vk_1"));
        var journal = await Database.QueryRowsAsync("SELECT * FROM schemaversions ORDER BY 1");

        await Database.MigrateAsync();

        Assert.NotEmpty(journal);
        Assert.Equal(journal, await Database.QueryRowsAsync("SELECT * FROM schemaversions ORDER BY 1"));
        Assert.True((await ReadAsync(TestKeyState.StateName, "vk_1")).RecordExists);
    }

    [Fact]
    public async Task A_failed_migration_names_its_script()
    {
        // Its second migration finds the tables of the first one, as if the journal had been lost.
        await Database.ExecuteScalarAsync("DELETE FROM schemaversions");

        var exception = await Assert.ThrowsAsync<SchemaMigrationException>(Database.MigrateAsync);

        Assert.Contains("0001_orleans_tables.sql", exception.Message, StringComparison.Ordinal);
    }

    public sealed class MigrationOnSqliteTests : MigrationTests;

    [Collection(nameof(PostgresFixture))]
    public sealed class MigrationOnPostgresTests(PostgresFixture postgres) : MigrationTests(postgres);
}
