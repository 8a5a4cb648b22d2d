using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Storage;

public sealed partial class AlteredStateMonitor
{
    [LoggerMessage(EventId = 203, Level = LogLevel.Critical,
        Message = "The stored {State} {Key} is not one that the service has written: {Reason}. It is unavailable; "
            + "{Suppressed} similar messages suppressed.")]
    private static partial void LogAltered(ILogger logger, string state, string key, string reason, int suppressed);
}
