using Microsoft.Data.Sqlite;

namespace KeysCluster.Silo.Storage.Sqlite;

/// <summary>
/// Fails a write if the database file is gone or damaged, so that no change is acknowledged into it. A connection is
/// opened only while the file is in place. It is checked again after the commit, because it may have been deleted
/// meanwhile. The outcome of such a write is unknown.
/// </summary>
internal sealed class SqliteWriteGuard(SqliteDataSource database) : IWriteGuard
{
    private readonly SqliteFileMonitor _file = database.FileMonitor;
    private readonly SqliteWriteMonitor _writes = database.WriteMonitor;

    public async Task ExecuteAsync(Func<Task> writeAsync)
    {
        _file.EnsureUndamaged();
        try
        {
            await StateConstraints.ExecuteAsync(writeAsync);
        }
        catch (SqliteException exception)
        {
            _writes.ReportFailed(exception);
            throw;
        }

        _file.EnsureInPlace();
        _file.EnsureUndamaged();
        _writes.ReportWritten();
    }
}
