using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Deliveries;

internal sealed partial class EventFollower
{
    [LoggerMessage(348, LogLevel.Warning,
        "The webhooks of {ProjectId} are delayed, because its state could not be read; its events are deferred. "
            + "{Suppressed} earlier failures were not logged.")]
    private static partial void LogDeferred(ILogger logger, Exception exception, string projectId, int suppressed);
}
