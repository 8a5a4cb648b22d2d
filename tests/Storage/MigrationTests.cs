using KeysCluster.Silo.Storage;

namespace KeysCluster.Storage.Tests;

public abstract class MigrationTests : StorageTest
{
    private protected MigrationTests()
    {
    }

    private protected MigrationTests(Postgres postgres)
        : base(postgres)
    {
    }

    [Fact]
    public async Task Migrating_again_changes_nothing()
    {
        await Write(SampleKey.StateName, "vk_1", SampleKey.New("vk_1"));
        var journal = await Database.Rows("SELECT * FROM schemaversions ORDER BY 1");

        await Database.Migrate();

        Assert.NotEmpty(journal);
        Assert.Equal(journal, await Database.Rows("SELECT * FROM schemaversions ORDER BY 1"));
        Assert.True((await Read(SampleKey.StateName, "vk_1")).RecordExists);
    }

    [Fact]
    public async Task A_migration_that_fails_names_its_script()
    {
        // Its second migration finds the tables of the first one, as if the journal had been lost.
        await Database.Scalar("DELETE FROM schemaversions");

        var exception = await Assert.ThrowsAsync<SchemaMigrationException>(Database.Migrate);

        Assert.Contains("0001_orleans_tables.sql", exception.Message, StringComparison.Ordinal);
    }

    public sealed class OnSqlite : MigrationTests;

    [Collection(nameof(Postgres))]
    public sealed class OnPostgreSql(Postgres postgres) : MigrationTests(postgres);
}
