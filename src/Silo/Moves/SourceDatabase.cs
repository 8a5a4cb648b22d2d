using KeysCluster.Silo.Storage.Migrations;
using Microsoft.Data.Sqlite;

namespace KeysCluster.Silo.Moves;

/// <summary>
/// The SQLite database of the embedded service, which does not run: all reads see the same data.
/// </summary>
internal sealed class SourceDatabase : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteTransaction _transaction;

    private SourceDatabase(SqliteConnection connection)
    {
        _connection = connection;
        _transaction = connection.BeginTransaction(deferred: true);
    }

    /// <summary>Opens a database, and ensures that it is one that can be moved.</summary>
    /// <exception cref="MoveException">It is damaged, or its schema is not that of this build.</exception>
    /// <exception cref="SqliteException">It cannot be read.</exception>
    public static SourceDatabase Open(string path)
    {
        // Not read-only: a service that was killed leaves changes in a log that SQLite adds to the file first. A pooled
        // connection would keep the file open.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
        }.ConnectionString);
        try
        {
            connection.Open();
            var source = new SourceDatabase(connection);
            source.EnsureUsable(path);
            return source;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Returns the service ids of all rows.</summary>
    public IReadOnlyList<string> ListServiceIds() => ReadTexts(string.Join(
        " UNION ",
        MovedTables.Names
            .Where(table => table != MovedTables.Settings)
            .Select(table => $"SELECT DISTINCT ServiceId FROM {table}")));

    /// <summary>Returns the names of the columns of a table.</summary>
    public IReadOnlyList<string> ListColumns(string table) =>
        ReadTexts($"SELECT name FROM pragma_table_info('{table}')");

    /// <summary>Returns the number of rows of a table.</summary>
    public long Count(string table) => ReadNumber($"SELECT count(*) FROM {table}");

    /// <summary>Returns the last position that an event has had. Those of deleted events are not used again.</summary>
    public long ReadLastPosition() =>
        ReadNumber($"SELECT IFNULL((SELECT seq FROM sqlite_sequence WHERE name = '{MovedTables.Events}'), 0)");

    /// <summary>Returns the values for the whole database.</summary>
    public IReadOnlyDictionary<string, string> ReadSettings()
    {
        using var reader = Execute($"SELECT Name, Value FROM {MovedTables.Settings}");
        var settings = new Dictionary<string, string>();
        while (reader.Read()) settings[reader.GetString(0)] = reader.GetString(1);
        return settings;
    }

    /// <summary>Reads the states of virtual keys and projects, with their names and ids.</summary>
    public IEnumerable<(string StateName, string Id, byte[] Payload)> ReadStates()
    {
        using var reader = Execute($"""
            SELECT GrainTypeString, IFNULL(GrainIdExtensionString, ''), PayloadBinary FROM {MovedTables.States}
            WHERE PayloadBinary IS NOT NULL
            """);
        while (reader.Read())
            yield return (reader.GetString(0), reader.GetString(1), reader.GetFieldValue<byte[]>(2));
    }

    /// <summary>Reads the rows of a table. The caller may change the array, which is new for each row.</summary>
    public IEnumerable<object?[]> Read(MovedTable table)
    {
        var columns = string.Join(", ", table.Columns.Select(column => column.SqliteExpression));
        using var reader = Execute($"SELECT {columns} FROM {table.Name}");
        while (reader.Read())
            yield return [.. table.Columns.Select((column, ordinal) => column.ReadSqlite(reader, ordinal))];
    }

    public void Dispose()
    {
        _transaction.Dispose();
        _connection.Dispose();
    }

    private void EnsureUsable(string path)
    {
        var tables = ReadTexts("SELECT name FROM sqlite_master WHERE type = 'table'");
        if (!tables.Contains("SchemaVersions", StringComparer.OrdinalIgnoreCase))
            throw new MoveException(MoveFailure.Refused, $"{path} is not a database of this service.");

        var unknown = tables
            .Except(MovedTables.Names, StringComparer.OrdinalIgnoreCase)
            .Where(table => !MovedTables.LeftOut.ContainsKey(table))
            .ToList();
        var scripts = ReadTexts("SELECT ScriptName FROM SchemaVersions");
        if (unknown.Count > 0 || !scripts.Contains(MigrationScripts.SqliteSchema))
        {
            throw new MoveException(
                MoveFailure.Refused,
                $"The schema of {path} is that of another build. Start the embedded service of the build of this "
                + "command on it once, and stop it.");
        }

        if (ReadTexts("PRAGMA integrity_check") is not ["ok"] and var problems)
            throw new MoveException(MoveFailure.Refused, $"The database {path} is damaged: {problems[0]}");
    }

    private List<string> ReadTexts(string sql)
    {
        using var reader = Execute(sql);
        var texts = new List<string>();
        while (reader.Read()) texts.Add(reader.GetString(0));
        return texts;
    }

    private long ReadNumber(string sql)
    {
        using var reader = Execute(sql);
        reader.Read();
        return reader.GetInt64(0);
    }

    private SqliteDataReader Execute(string sql)
    {
        // The reader disposes of its command.
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = _transaction;
        return command.ExecuteReader();
    }
}
