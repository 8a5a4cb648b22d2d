using KeysCluster.TestKit;

namespace KeysCluster.Storage.Tests;

/// <summary>Starts one PostgreSQL server for all tests of this assembly.</summary>
public sealed class Postgres : IAsyncLifetime
{
    public PostgresServer Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await PostgresServer.CreateAsync();

    public async Task DisposeAsync() => await Server.DisposeAsync();
}

[CollectionDefinition(nameof(Postgres))]
public sealed class PostgresTests : ICollectionFixture<Postgres>;
