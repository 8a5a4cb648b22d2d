using Npgsql;
using NpgsqlTypes;

namespace KeysCluster.Benchmarks.Scale;

/// <summary>Copies rows to a table without running its triggers.</summary>
internal sealed class TableCopy : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlBinaryImporter _importer;

    private TableCopy(NpgsqlConnection connection, NpgsqlBinaryImporter importer) =>
        (_connection, _importer) = (connection, importer);

    /// <param name="database">The database.</param>
    /// <param name="table">The name of the table and its columns.</param>
    public static async Task<TableCopy> BeginAsync(NpgsqlDataSource database, string table)
    {
        var connection = await database.OpenConnectionAsync();
        await using var disableTriggers = new NpgsqlCommand("SET session_replication_role = replica", connection);
        await disableTriggers.ExecuteNonQueryAsync();
        var importer = await connection.BeginBinaryImportAsync($"COPY {table} FROM STDIN (FORMAT binary)");
        return new TableCopy(connection, importer);
    }

    public async Task WriteAsync(params object[] row)
    {
        await _importer.StartRowAsync();
        foreach (var value in row)
        {
            if (value is DateTimeOffset time) await _importer.WriteAsync(time, NpgsqlDbType.TimestampTz);
            else if (value is byte[] bytes) await _importer.WriteAsync(bytes, NpgsqlDbType.Bytea);
            else await _importer.WriteAsync(value);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _importer.CompleteAsync();
        await _importer.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
