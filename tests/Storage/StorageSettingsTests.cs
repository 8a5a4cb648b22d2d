using KeysCluster.Silo.Storage;

namespace KeysCluster.Storage.Tests;

public abstract class StorageSettingsTests : StorageTest
{
    private protected StorageSettingsTests()
    {
    }

    private protected StorageSettingsTests(Postgres postgres)
        : base(postgres)
    {
    }

    [Fact]
    public async Task The_first_value_of_a_name_stands()
    {
        var settings = new StorageSettings(Database.DataSource);

        Assert.Equal("one", await settings.GetOrAdd("pepper-id", "one", default));
        Assert.Equal("one", await settings.GetOrAdd("pepper-id", "two", default));
        Assert.Equal("two", await settings.GetOrAdd("other", "two", default));
    }

    [Fact]
    public async Task Nodes_that_start_at_once_agree()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(node => Task.Run(
            () => new StorageSettings(Database.DataSource).GetOrAdd("pepper-id", $"node {node}", default))));

        Assert.Single(answers.Distinct());
    }

    public sealed class OnSqlite : StorageSettingsTests;

    [Collection(nameof(Postgres))]
    public sealed class OnPostgreSql(Postgres postgres) : StorageSettingsTests(postgres);
}
