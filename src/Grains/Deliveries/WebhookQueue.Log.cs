using KeysCluster.Webhooks;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Deliveries;

internal sealed partial class WebhookQueue
{
    [LoggerMessage(347, LogLevel.Information,
        "The endpoint of {WebhookId} has not accepted {DeliveryId}: {Error}, status {StatusCode}. Retrying at "
            + "{NextAttemptAt:O}.")]
    private static partial void LogAttemptFailed(
        ILogger logger,
        WebhookId webhookId,
        WebhookDeliveryId deliveryId,
        string error,
        int? statusCode,
        DateTimeOffset nextAttemptAt);

    [LoggerMessage(341, LogLevel.Warning,
        "{WebhookId} was disabled, because its endpoint has not accepted a delivery since {Since:O}.")]
    private static partial void LogDisabled(ILogger logger, WebhookId webhookId, DateTimeOffset since);

    [LoggerMessage(352, LogLevel.Warning,
        "The endpoint of {WebhookId} has not accepted {DeliveryId} for three days, although it accepts others: "
            + "{Error}, status {StatusCode}. The delivery has failed, and the next one of its key follows.")]
    private static partial void LogGivenUp(
        ILogger logger, WebhookId webhookId, WebhookDeliveryId deliveryId, string error, int? statusCode);
}
