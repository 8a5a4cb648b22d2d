namespace KeysCluster.Api.VerificationCounts;

internal sealed partial class VerificationReporter
{
    [LoggerMessage(440, LogLevel.Debug,
        "Failed to send counts of verifications; they are sent again. Reason: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);

    [LoggerMessage(441, LogLevel.Warning,
        "Discarded {Count} counted verifications, which could not be sent for an hour")]
    private static partial void LogDiscarded(ILogger logger, long count);
}
