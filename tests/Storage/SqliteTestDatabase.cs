using KeysCluster.Silo.Storage.Migrations;
using KeysCluster.Silo.Storage.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace KeysCluster.Storage.Tests;

internal sealed class SqliteTestDatabase : TestDatabase
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("keys-sqlite-");

    public SqliteTestDatabase() => DataSource =
        new SqliteDataSource(Path.Combine(_folder.FullName, "keys.db"), NullLogger<SqliteDataSource>.Instance);

    public override string Invariant => "System.Data.SQLite";

    public override SqliteDataSource DataSource { get; }

    public override Task MigrateAsync(ILogger logger) => SchemaMigrator.UpgradeSqliteAsync(DataSource, logger);

    public override async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
