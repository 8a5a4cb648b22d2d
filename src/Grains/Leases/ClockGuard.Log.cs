using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Leases;

internal sealed partial class ClockGuard
{
    [LoggerMessage(EventId = 243, Level = LogLevel.Critical,
        Message = "The clock of this silo has differed from that of the database for a minute, now by {Offset}; "
            + "stopping.")]
    private static partial void LogStopping(ILogger logger, TimeSpan offset);
}
