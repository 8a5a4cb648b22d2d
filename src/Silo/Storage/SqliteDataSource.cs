using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace KeysCluster.Silo.Storage;

/// <summary>Pooled connections to one SQLite file, set up so that an acknowledged commit survives a crash.</summary>
internal sealed class SqliteDataSource(string path) : DbDataSource
{
    public override string ConnectionString { get; } =
        new SqliteConnectionStringBuilder { DataSource = path, Pooling = true, DefaultTimeout = 5 }.ConnectionString;

    protected override DbConnection CreateDbConnection() => new DurableSqliteConnection(ConnectionString);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            ClosePooled();

        base.Dispose(disposing);
    }

    // The base class disposes asynchronously without disposing: true.
    protected override ValueTask DisposeAsyncCore()
    {
        ClosePooled();
        return base.DisposeAsyncCore();
    }

    private void ClosePooled()
    {
        using var connection = new SqliteConnection(ConnectionString);
        SqliteConnection.ClearPool(connection);
    }
}
