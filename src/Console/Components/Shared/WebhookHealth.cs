using KeysCluster.Client;

namespace KeysCluster.WebConsole.Components.Shared;

/// <summary>How an endpoint has responded lately.</summary>
/// <param name="LastAcceptedAt">The attempt with which it last accepted a delivery; null if it never did.</param>
/// <param name="LastAttempt">The last attempt; null before the first.</param>
/// <param name="Waiting">How many of the last deliveries are not accepted yet.</param>
public sealed record WebhookHealth(DateTimeOffset? LastAcceptedAt, WebhookAttempt? LastAttempt, int Waiting)
{
    /// <summary>How many of the last deliveries are read.</summary>
    public const int DeliveryCount = 20;

    /// <summary>Reads the health of a webhook with one or two calls.</summary>
    internal static async Task<WebhookHealth> LoadAsync(
        WebhooksClient webhooks, string id, CancellationToken cancellationToken)
    {
        var last = await webhooks.ListDeliveriesAsync(
            id, limit: DeliveryCount, cancellationToken: cancellationToken);
        var accepted = last.Data.Where(delivery => delivery.Status == WebhookDeliveryStatus.Delivered).ToList();
        if (accepted.Count == 0 && last.NextCursor is not null)
        {
            var page = await webhooks.ListDeliveriesAsync(
                id, WebhookDeliveryStatus.Delivered, limit: 1, cancellationToken: cancellationToken);
            accepted.AddRange(page.Data);
        }

        return new WebhookHealth(
            accepted.Max(delivery => delivery.Attempts.LastOrDefault(attempt => attempt.Error is null)?.At),
            last.Data.SelectMany(delivery => delivery.Attempts).MaxBy(attempt => attempt.At),
            last.Data.Count(delivery =>
                delivery.Status is WebhookDeliveryStatus.Pending or WebhookDeliveryStatus.Paused));
    }
}
