using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace KeysCluster.Silo.Storage.Sqlite;

/// <summary>A connection pool for one SQLite file. An acknowledged commit survives a crash.</summary>
internal sealed class SqliteDataSource : DbDataSource
{
    public SqliteDataSource(string path, ILogger<SqliteDataSource> logger)
    {
        ConnectionString = new SqliteConnectionStringBuilder { DataSource = path, Pooling = true, DefaultTimeout = 5 }
            .ConnectionString;
        FileMonitor = new SqliteFileMonitor(path, logger);
        FileMonitor.Returned += ClearPool;
        WriteMonitor = new SqliteWriteMonitor(path, logger);
    }

    public override string ConnectionString { get; }

    /// <summary>Detects that the file is gone or damaged.</summary>
    public SqliteFileMonitor FileMonitor { get; }

    /// <summary>Remembers whether changes can be written.</summary>
    public SqliteWriteMonitor WriteMonitor { get; }

    protected override DbConnection CreateDbConnection() => new DurableSqliteConnection(ConnectionString, FileMonitor);

    protected override void Dispose(bool disposing)
    {
        if (disposing) Close();
        base.Dispose(disposing);
    }

    // The base class does not call Dispose(true) from DisposeAsync.
    protected override ValueTask DisposeAsyncCore()
    {
        Close();
        return base.DisposeAsyncCore();
    }

    private void Close()
    {
        FileMonitor.Dispose();
        ClearPool();
    }

    private void ClearPool()
    {
        using var connection = new SqliteConnection(ConnectionString);
        SqliteConnection.ClearPool(connection);
    }
}
