using System.Data.Common;
using KeysCluster.Silo.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace KeysCluster.Storage.Tests;

internal sealed class PostgreSqlTestDatabase(string connectionString) : TestDatabase
{
    public string ConnectionString => connectionString;

    public override string Invariant => "Npgsql";

    public override DbDataSource DataSource { get; } = NpgsqlDataSource.Create(connectionString);

    public override Task MigrateAsync() =>
        SchemaMigrator.UpgradePostgreSqlAsync(connectionString, NullLogger.Instance, CancellationToken.None);

    public override ValueTask DisposeAsync() => DataSource.DisposeAsync();
}
