using KeysCluster.TestKit;

namespace KeysCluster.Storage.Tests;

/// <summary>The collection of the tests that share one PostgreSQL server. Each test creates its own database.</summary>
[CollectionDefinition(Name)]
public sealed class SharedPostgres : ICollectionFixture<PostgresFixture>
{
    public const string Name = "PostgreSQL";
}
