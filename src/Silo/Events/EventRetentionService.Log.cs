namespace KeysCluster.Silo.Events;

internal sealed partial class EventRetentionService
{
    [LoggerMessage(320, LogLevel.Information, "Deleted {Count} events from before {Before:O} (Events:KeepFor).")]
    private static partial void LogDeleted(ILogger logger, long count, DateTimeOffset before);

    [LoggerMessage(321, LogLevel.Warning, "Deleting old events failed; retrying in {Delay}.")]
    private static partial void LogFailed(ILogger logger, Exception exception, TimeSpan delay);
}
