using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace KeysCluster.Silo.Storage.Sqlite;

/// <summary>A connection pool for one SQLite file. An acknowledged commit survives a crash.</summary>
internal sealed class SqliteDataSource(string path) : DbDataSource
{
    public override string ConnectionString { get; } =
        new SqliteConnectionStringBuilder { DataSource = path, Pooling = true, DefaultTimeout = 5 }.ConnectionString;

    protected override DbConnection CreateDbConnection() => new DurableSqliteConnection(ConnectionString);

    protected override void Dispose(bool disposing)
    {
        if (disposing) ClearPool();
        base.Dispose(disposing);
    }

    // The base class does not call Dispose(true) from DisposeAsync.
    protected override ValueTask DisposeAsyncCore()
    {
        ClearPool();
        return base.DisposeAsyncCore();
    }

    private void ClearPool()
    {
        using var connection = new SqliteConnection(ConnectionString);
        SqliteConnection.ClearPool(connection);
    }
}
