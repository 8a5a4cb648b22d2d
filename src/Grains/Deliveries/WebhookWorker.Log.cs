using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Deliveries;

internal sealed partial class WebhookWorker
{
    [LoggerMessage(343, LogLevel.Information, "This silo delivers the webhooks.")]
    private static partial void LogLeading(ILogger logger);

    [LoggerMessage(344, LogLevel.Warning,
        "Following the events for webhooks failed; retrying. {Suppressed} earlier failures were not logged.")]
    private static partial void LogFailed(ILogger logger, Exception exception, int suppressed);

    [LoggerMessage(351, LogLevel.Warning,
        "Background work of the webhooks failed; it is tried again. {Suppressed} earlier failures were not logged.")]
    private static partial void LogBackgroundFailed(ILogger logger, Exception exception, int suppressed);
}
