using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace KeysCluster.Silo.Storage.Sqlite;

/// <summary>
/// A command that reports errors to the monitor of the database file. SQLite detects damage when it reads a page, which
/// may be when a reader advances to a later row or result.
/// </summary>
internal sealed class MonitoredSqliteCommand(SqliteFileMonitor monitor) : SqliteCommand
{
    public override int ExecuteNonQuery() => Monitor(base.ExecuteNonQuery);

    public override object? ExecuteScalar() => Monitor(base.ExecuteScalar);

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) =>
        new MonitoredSqliteReader(Monitor(() => ExecuteReader(behavior)), monitor);

    // The asynchronous methods of SQLite's provider are synchronous.
    protected override Task<DbDataReader> ExecuteDbDataReaderAsync(
        CommandBehavior behavior, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return Task.FromResult(ExecuteDbDataReader(behavior));
        }
        catch (Exception exception)
        {
            return Task.FromException<DbDataReader>(exception);
        }
    }

    private T Monitor<T>(Func<T> execute)
    {
        try
        {
            return execute();
        }
        catch (SqliteException exception)
        {
            monitor.Report(exception);
            throw;
        }
    }
}
