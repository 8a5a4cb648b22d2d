using System.Globalization;
using System.Security.Cryptography;
using KeysCluster.Cli.Errors;
using KeysCluster.Files;
using Microsoft.Data.Sqlite;

namespace KeysCluster.Cli.Commands.Data;

/// <summary>The SQLite database of an embedded service.</summary>
internal static class EmbeddedDatabase
{
    public const string FileName = "keys.db";

    /// <summary>Writes a consistent copy of a database to a new file, also while the service uses it.</summary>
    public static void Copy(string source, string target)
    {
        OwnerOnlyFile.Create(target).Dispose();
        using var from = Open(source, SqliteOpenMode.ReadWrite);
        using var to = Open(target, SqliteOpenMode.ReadWrite);
        from.BackupDatabase(to);

        // One file, which nothing has to complete.
        Execute(to, "PRAGMA journal_mode = DELETE");
    }

    /// <summary>Checks a database, and returns what it contains.</summary>
    /// <exception cref="CliException">The file is damaged, or not a database of this service.</exception>
    public static DatabaseContents Check(string path)
    {
        try
        {
            using var connection = Open(path, SqliteOpenMode.ReadOnly);
            if (Execute(connection, "PRAGMA integrity_check") is not "ok" and var problem)
                throw new CliException($"The database {path} is damaged: {problem}", ExitCodes.Failure);
            return new DatabaseContents(
                (long)Execute(connection, "SELECT count(*) FROM KeysVirtualKey")!,
                (long)Execute(connection, "SELECT count(*) FROM KeysProjectUsage")!,
                Execute(connection, "SELECT max(At) FROM KeysEvent") is string at ? Parse(at) : null);
        }
        catch (SqliteException exception)
        {
            throw new CliException($"{path} is not a database of this service: {exception.Message}", ExitCodes.Failure);
        }
    }

    public static string Hash(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        // A pooled connection would keep the file open.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
        }.ConnectionString);
        connection.Open();
        return connection;
    }

    private static object? Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static DateTimeOffset Parse(string at) =>
        DateTimeOffset.Parse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
