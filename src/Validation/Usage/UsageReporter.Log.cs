using Microsoft.Extensions.Logging;

namespace KeysCluster.Validation.Usage;

internal sealed partial class UsageReporter
{
    [LoggerMessage(EventId = 110, Level = LogLevel.Debug, Message = "Failed to report the use of a secret: {Reason}")]
    private static partial void LogReportFailed(ILogger logger, string reason);
}
