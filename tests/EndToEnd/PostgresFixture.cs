using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests;

/// <summary>One PostgreSQL for a test class: its tests stop and kill it, so classes do not share it.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    public PostgresServer Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await PostgresServer.CreateAsync();

    public async Task DisposeAsync() => await Server.DisposeAsync();

    /// <summary>The cluster topology on a fresh database.</summary>
    public async Task<ClusterService> CreateClusterAsync() => new(await Server.CreateDatabaseAsync());
}
