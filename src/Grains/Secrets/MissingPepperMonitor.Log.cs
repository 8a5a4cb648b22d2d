using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Secrets;

internal sealed partial class MissingPepperMonitor
{
    [LoggerMessage(EventId = 226, Level = LogLevel.Error,
        Message = "The pepper {PepperId} is missing on this silo: secrets and retries that need it are unavailable; "
            + "{Suppressed} similar messages suppressed.")]
    private static partial void LogMissing(ILogger logger, string pepperId, int suppressed);
}
