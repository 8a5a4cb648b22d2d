using System.Data.Common;
using KeysCluster.Silo.Storage.Migrations;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace KeysCluster.Storage.Tests;

internal sealed class PostgreSqlTestDatabase(string connectionString) : TestDatabase
{
    public string ConnectionString => connectionString;

    public override string Invariant => "Npgsql";

    public override DbDataSource DataSource { get; } = NpgsqlDataSource.Create(connectionString);

    public override Task MigrateAsync(ILogger logger) =>
        SchemaMigrator.UpgradePostgreSqlAsync(connectionString, logger, CancellationToken.None);

    public override ValueTask DisposeAsync() => DataSource.DisposeAsync();
}
