using KeysCluster.Silo.Storage;

namespace KeysCluster.Storage.Tests;

public abstract class DatabaseMetadataTests : StorageTest
{
    private protected DatabaseMetadataTests()
    {
    }

    private protected DatabaseMetadataTests(PostgresFixture postgres)
        : base(postgres)
    {
    }

    [Fact]
    public async Task The_first_value_written_for_a_name_is_kept()
    {
        var settings = new DatabaseMetadata(Database.DataSource);

        Assert.Equal("one", await settings.GetOrAddAsync("pepper-id", "one", default));
        Assert.Equal("one", await settings.GetOrAddAsync("pepper-id", "two", default));
        Assert.Equal("two", await settings.GetOrAddAsync("other", "two", default));
    }

    [Fact]
    public async Task Silos_that_start_concurrently_read_the_same_value()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(node => Task.Run(
            () => new DatabaseMetadata(Database.DataSource).GetOrAddAsync("pepper-id", $"node {node}", default))));

        Assert.Single(answers.Distinct());
    }

    public sealed class DatabaseMetadataOnSqliteTests : DatabaseMetadataTests;

    [Collection(nameof(PostgresFixture))]
    public sealed class DatabaseMetadataOnPostgresTests(PostgresFixture postgres) : DatabaseMetadataTests(postgres);
}
