using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace KeysCluster.Contract.Tests.Services;

/// <summary>A silo of the embedded topology, and the collection of the tests that share it.</summary>
[CollectionDefinition(CollectionName)]
public sealed class SqliteService : TestService, ICollectionFixture<SqliteService>
{
    public const string CollectionName = "SQLite";

    private readonly EmbeddedService _embedded = new();

    public override string AdminKey => _embedded.AdminKey;

    protected override Task<ServiceProcess> StartAsync() => _embedded.StartAsync();

    protected override DbConnection CreateConnection() =>
        new SqliteConnection($"Data Source={_embedded.DatabaseFile};Pooling=false");

    protected override async Task RemoveStorageAsync() => await _embedded.DisposeAsync();
}
