using System.Data.Common;
using DbUp.Builder;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace KeysCluster.Storage.Tests;

/// <summary>A database of one test, empty until it is migrated.</summary>
internal abstract class TestDatabase : IAsyncDisposable
{
    /// <summary>The name by which the Orleans providers know the database system.</summary>
    public abstract string Invariant { get; }

    public abstract DbDataSource DataSource { get; }

    /// <summary>The folder of the script that created the first schema.</summary>
    protected abstract string FirstSchemaFolder { get; }

    protected abstract UpgradeEngineBuilder Deploy { get; }

    public Task MigrateAsync() => MigrateAsync(NullLogger.Instance);

    public abstract Task MigrateAsync(ILogger logger);

    public abstract ValueTask DisposeAsync();

    /// <summary>Applies the script that earlier builds applied, and records it in the journal.</summary>
    public void ApplyFirstSchema()
    {
        const string name = "0001_schema.sql";
        var assembly = typeof(TestDatabase).Assembly;
        var resource = $"{typeof(TestDatabase).Namespace}.FirstSchema.{FirstSchemaFolder}.{name}";
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        var result = Deploy.WithScript(name, reader.ReadToEnd()).WithVariablesDisabled().WithTransactionPerScript()
            .LogToNowhere().Build().PerformUpgrade();
        Assert.True(result.Successful, result.Error?.Message);
    }

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
