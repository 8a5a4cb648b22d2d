using KeysCluster.Webhooks;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Deliveries;

internal sealed partial class WebhookQueues
{
    [LoggerMessage(342, LogLevel.Warning,
        "Sending the deliveries of {WebhookId} failed; it is continued shortly. {Suppressed} earlier failures were not "
            + "logged.")]
    private static partial void LogQueueFailed(
        ILogger logger, Exception exception, WebhookId webhookId, int suppressed);
}
