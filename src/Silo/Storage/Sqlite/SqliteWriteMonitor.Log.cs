using Microsoft.Data.Sqlite;

namespace KeysCluster.Silo.Storage.Sqlite;

internal sealed partial class SqliteWriteMonitor
{
    [LoggerMessage(304, LogLevel.Error, "Changes cannot be written to the database file {Path}; they are refused.")]
    private static partial void LogWriteFailed(ILogger logger, SqliteException exception, string path);

    [LoggerMessage(305, LogLevel.Information, "Changes are written to the database file {Path} again.")]
    private static partial void LogWritten(ILogger logger, string path);
}
