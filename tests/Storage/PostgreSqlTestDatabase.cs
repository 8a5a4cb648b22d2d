using System.Data.Common;
using KeysCluster.Silo.Storage.Migrations;
using KeysCluster.TestKit;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace KeysCluster.Storage.Tests;

internal sealed class PostgreSqlTestDatabase(string connectionString) : TestDatabase
{
    public string ConnectionString => connectionString;

    public override string Invariant => "Npgsql";

    public override DbDataSource DataSource { get; } = NpgsqlDataSource.Create(connectionString);

    public override DbDataSource ServiceDataSource { get; } =
        NpgsqlDataSource.Create(PostgresRoles.Connect(connectionString, PostgresRoles.Service));

    public override Task MigrateAsync(ILogger logger) =>
        SchemaMigrator.UpgradePostgreSqlAsync(
            connectionString, keepEventsFor: null, logger, CancellationToken.None);

    public override async ValueTask DisposeAsync()
    {
        await ServiceDataSource.DisposeAsync();
        await DataSource.DisposeAsync();
    }
}
