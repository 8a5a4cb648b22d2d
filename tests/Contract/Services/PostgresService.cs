using System.Data.Common;
using Npgsql;

namespace KeysCluster.Contract.Tests.Services;

/// <summary>
/// A silo on PostgreSQL with the database role of silos, and the collection of the tests that share it.
/// </summary>
[CollectionDefinition(CollectionName)]
public sealed class PostgresService : TestService, ICollectionFixture<PostgresService>
{
    public const string CollectionName = "PostgreSQL";

    private PostgresServer? _server;
    private ClusterService? _cluster;

    public override string AdminKey => _cluster!.AdminKey;

    protected override async Task<ServiceProcess> StartAsync()
    {
        _server = await PostgresServer.CreateAsync();
        _cluster = await ClusterService.CreateWithRolesAsync(_server);
        return await _cluster.StartSiloAsync();
    }

    protected override DbConnection CreateConnection() => new NpgsqlConnection(_cluster!.ConnectionString);

    protected override async Task RemoveStorageAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }
}
