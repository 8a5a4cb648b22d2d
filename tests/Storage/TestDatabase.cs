using System.Data.Common;
using KeysCluster.Silo.Storage;
using KeysCluster.Silo.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace KeysCluster.Storage.Tests;

/// <summary>An empty, migrated database of one test.</summary>
internal abstract class TestDatabase : IAsyncDisposable
{
    public abstract string Invariant { get; }

    public abstract DbDataSource DataSource { get; }

    public abstract Task MigrateAsync();

    public abstract ValueTask DisposeAsync();

    public async Task<long> QueryInt64Async(string sql) => Convert.ToInt64(await ExecuteScalarAsync(sql), null);

    public async Task<object?> ExecuteScalarAsync(string sql)
    {
        await using var connection = await DataSource.OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync();
    }

    public async Task<List<object?[]>> QueryRowsAsync(string sql)
    {
        await using var connection = await DataSource.OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<object?[]>();
        while (await reader.ReadAsync())
        {
            var row = new object?[reader.FieldCount];
            for (var i = 0; i < row.Length; i++)
                row[i] = reader.IsDBNull(i) ? null : reader.GetValue(i);
            rows.Add(row);
        }

        return rows;
    }
}

internal sealed class SqliteTestDatabase : TestDatabase
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("keys-sqlite-");

    public SqliteTestDatabase() => DataSource = new SqliteDataSource(Path.Combine(_folder.FullName, "keys.db"));

    public override string Invariant => "System.Data.SQLite";

    public override SqliteDataSource DataSource { get; }

    public override Task MigrateAsync() => SchemaMigrator.UpgradeSqliteAsync(DataSource, NullLogger.Instance);

    public override async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}

internal sealed class PostgreSqlTestDatabase(string connectionString) : TestDatabase
{
    public string ConnectionString => connectionString;

    public override string Invariant => "Npgsql";

    public override DbDataSource DataSource { get; } = Npgsql.NpgsqlDataSource.Create(connectionString);

    public override Task MigrateAsync() =>
        SchemaMigrator.UpgradePostgreSqlAsync(connectionString, NullLogger.Instance, CancellationToken.None);

    public override ValueTask DisposeAsync() => DataSource.DisposeAsync();
}
