namespace KeysCluster.Silo.Storage.Migrations;

internal static partial class SchemaMigrator
{
    [LoggerMessage(310, LogLevel.Warning,
        "The database migration timed out waiting for a lock; retrying in {Delay}, attempt {Attempt} of {MaxAttempts}: "
        + "{Reason}")]
    private static partial void LogLockTimeout(
        ILogger logger, TimeSpan delay, int attempt, int maxAttempts, string reason);
}
