using KeysCluster.Webhooks;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Deliveries;

internal sealed partial class RedeliveryRunner
{
    [LoggerMessage(346, LogLevel.Warning,
        "Sending the events of {WebhookId} again failed; it is continued shortly. {Suppressed} earlier failures were "
            + "not logged.")]
    private static partial void LogFailed(ILogger logger, Exception exception, WebhookId webhookId, int suppressed);
}
