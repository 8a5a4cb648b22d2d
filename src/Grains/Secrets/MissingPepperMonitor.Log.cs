using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Secrets;

public sealed partial class MissingPepperMonitor
{
    [LoggerMessage(EventId = 226, Level = LogLevel.Error,
        Message = "The pepper {PepperId} is missing on this silo: secrets, retries and stored states that need it are "
            + "unavailable; {Suppressed} similar messages suppressed.")]
    private static partial void LogMissing(ILogger logger, string pepperId, int suppressed);
}
