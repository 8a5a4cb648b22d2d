using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Deliveries;

internal sealed partial class WebhookLeadership
{
    [LoggerMessage(345, LogLevel.Information,
        "Another silo delivers the webhooks 10 seconds later, because this one could not release them.")]
    private static partial void LogReleaseFailed(ILogger logger, Exception exception);

    [LoggerMessage(353, LogLevel.Warning,
        "Extending the leadership over the webhooks failed; retrying. {Suppressed} earlier failures were not logged.")]
    private static partial void LogExtensionFailed(ILogger logger, Exception exception, int suppressed);
}
