using Microsoft.Data.Sqlite;

namespace KeysCluster.Silo.Storage.Sqlite;

/// <summary>A connection whose commits are on disk when they return, and which overwrites deleted content.</summary>
/// <param name="connectionString">The connection string.</param>
/// <param name="monitor">The monitor of the file; null for the monitor's own connection.</param>
internal sealed class DurableSqliteConnection(string connectionString, SqliteFileMonitor? monitor = null)
    : SqliteConnection(connectionString)
{
    // All of these but the journal mode belong to the connection, not to the file.
    // synchronous = FULL: a commit waits for the disk.
    // secure_delete: the hash of an erased secret does not remain in a free page.
    private const string SettingsSql = """
        PRAGMA busy_timeout = 5000;
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA secure_delete = ON;
        """;

    public override void Open()
    {
        // The check precedes the opening, which creates the files that are missing.
        monitor?.EnsureInPlace();
        base.Open();
        try
        {
            using var command = CreateCommand();
            command.CommandText = SettingsSql;
            command.ExecuteNonQuery();
        }
        catch
        {
            Close();
            throw;
        }
    }

    public override SqliteCommand CreateCommand()
    {
        if (monitor is null) return base.CreateCommand();
        return new MonitoredSqliteCommand(monitor)
        {
            Connection = this,
            CommandTimeout = DefaultTimeout,
            Transaction = Transaction,
        };
    }
}
