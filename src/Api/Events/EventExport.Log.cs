namespace KeysCluster.Api.Events;

internal sealed partial class EventExport
{
    [LoggerMessage(403, LogLevel.Warning, "An export of events was interrupted; the client can resume it: {Reason}")]
    private static partial void LogInterrupted(ILogger logger, string reason);
}
