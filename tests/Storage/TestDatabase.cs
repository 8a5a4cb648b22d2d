using System.Data.Common;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace KeysCluster.Storage.Tests;

/// <summary>A database of one test, empty until it is migrated.</summary>
internal abstract class TestDatabase : IAsyncDisposable
{
    /// <summary>The name by which the Orleans providers know the database system.</summary>
    public abstract string Invariant { get; }

    public abstract DbDataSource DataSource { get; }

    /// <summary>The database with the privileges of the service.</summary>
    public virtual DbDataSource ServiceDataSource => DataSource;

    public Task MigrateAsync() => MigrateAsync(NullLogger.Instance);

    public abstract Task MigrateAsync(ILogger logger);

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
