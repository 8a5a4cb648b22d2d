using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Deliveries;

internal sealed partial class DeferredEventFollower
{
    [LoggerMessage(349, LogLevel.Warning,
        "The deferred events of {ProjectId} cannot be sent yet; they are tried again within a minute. {Suppressed} "
            + "earlier failures were not logged.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string projectId, int suppressed);
}
