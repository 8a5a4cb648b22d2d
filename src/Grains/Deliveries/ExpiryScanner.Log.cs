using KeysCluster.VirtualKeys;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Deliveries;

internal sealed partial class ExpiryScanner
{
    [LoggerMessage(350, LogLevel.Warning,
        "Announcing an expiry of {VirtualKeyId} failed; it is tried again within a minute. {Suppressed} earlier "
            + "failures were not logged.")]
    private static partial void LogFailed(
        ILogger logger, Exception exception, VirtualKeyId virtualKeyId, int suppressed);
}
