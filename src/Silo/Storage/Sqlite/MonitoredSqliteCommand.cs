using System.Data;
using Microsoft.Data.Sqlite;

namespace KeysCluster.Silo.Storage.Sqlite;

/// <summary>A command that reports errors to the monitor of the database file.</summary>
internal sealed class MonitoredSqliteCommand(SqliteFileMonitor monitor) : SqliteCommand
{
    // Every other method of the class that executes the command calls this one, which also reads the first row.
    public override SqliteDataReader ExecuteReader(CommandBehavior behavior)
    {
        try
        {
            return base.ExecuteReader(behavior);
        }
        catch (SqliteException exception)
        {
            monitor.Report(exception);
            throw;
        }
    }
}
