using KeysCluster.Silo.Storage;
using KeysCluster.TestKit;

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
        var metadata = new DatabaseMetadata(Database.DataSource);

        Assert.Equal("one", await metadata.GetOrAddAsync("pepper-id", "one", default));
        Assert.Equal("one", await metadata.GetOrAddAsync("pepper-id", "two", default));
        Assert.Equal("two", await metadata.GetOrAddAsync("other", "two", default));
    }

    [Fact]
    public async Task Silos_that_start_concurrently_read_the_same_value()
    {
        var values = await Task.WhenAll(Enumerable.Range(0, 8).Select(silo => Task.Run(
            () => new DatabaseMetadata(Database.DataSource).GetOrAddAsync("pepper-id", $"silo {silo}", default))));

        Assert.Single(values.Distinct());
    }
}
