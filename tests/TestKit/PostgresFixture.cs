using Xunit;

namespace KeysCluster.TestKit;

/// <summary>
/// One PostgreSQL server for all tests of a class or collection. Tests that stop or kill the server must not share it
/// with another class.
/// </summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private PostgresServer? _server;

    /// <summary>The server.</summary>
    public PostgresServer Server => _server ?? throw new InvalidOperationException("The server is not started.");

    /// <summary>Returns the cluster topology on a new database.</summary>
    public async Task<ClusterService> CreateClusterAsync() => new(await Server.CreateDatabaseAsync());

    /// <summary>Starts the server, which has the roles of the service.</summary>
    public async Task InitializeAsync()
    {
        _server = await PostgresServer.CreateAsync();
        await PostgresRoles.CreateAsync(_server.GetConnectionString("postgres"));
    }

    /// <inheritdoc />
    public async Task DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }
}
