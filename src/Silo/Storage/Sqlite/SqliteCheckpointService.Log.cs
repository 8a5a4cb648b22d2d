namespace KeysCluster.Silo.Storage.Sqlite;

internal sealed partial class SqliteCheckpointService
{
    [LoggerMessage(300, LogLevel.Warning, "The checkpoint of SQLite's write-ahead log failed; retrying in {Delay}.")]
    private static partial void LogCheckpointFailed(ILogger logger, Exception exception, TimeSpan delay);
}
