using Microsoft.Data.Sqlite;

namespace KeysCluster.Silo.Storage.Sqlite;

internal sealed partial class SqliteFileMonitor
{
    [LoggerMessage(301, LogLevel.Critical,
        "The database file {Path} is gone: deleted, moved or replaced while it was open. Changes are refused.")]
    private static partial void LogGone(ILogger logger, string path);

    [LoggerMessage(302, LogLevel.Warning, "The database file {Path} is in place again.")]
    private static partial void LogReturned(ILogger logger, string path);

    [LoggerMessage(303, LogLevel.Critical,
        "The database file {Path} is damaged. Changes are refused until it is restored and the process restarts.")]
    private static partial void LogDamaged(ILogger logger, SqliteException exception, string path);
}
