using KeysCluster.Webhooks;

namespace KeysCluster.Grains.Deliveries;

/// <summary>
/// Lists the deliveries of webhooks, and has them sent again. Every method may throw an exception of the database.
/// </summary>
public interface IDeliveryLog
{
    /// <summary>Returns a page of deliveries, in the order of their ids, latest first.</summary>
    Task<WebhookDeliveryPage> ListAsync(
        ProjectId project,
        WebhookId webhook,
        WebhookDeliveryStatus? status,
        WebhookDeliveryId? after,
        int limit,
        CancellationToken cancellationToken);

    /// <summary>Returns a delivery; null when there is none.</summary>
    Task<WebhookDelivery?> FindAsync(
        ProjectId project, WebhookId webhook, WebhookDeliveryId delivery, CancellationToken cancellationToken);

    /// <summary>Makes a delivery pending again.</summary>
    Task RedeliverAsync(
        ProjectId project,
        WebhookId webhook,
        WebhookDeliveryId delivery,
        DateTimeOffset now,
        CancellationToken cancellationToken);

    /// <summary>Adds a test with its only attempt.</summary>
    Task AddTestAsync(NewDelivery delivery, WebhookAttempt attempt, CancellationToken cancellationToken);

    /// <summary>Deletes some deliveries that are not pending and were added before a time.</summary>
    /// <returns>The number of deleted deliveries.</returns>
    Task<int> DeleteAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);

    /// <summary>Deletes some deliveries of a webhook.</summary>
    /// <returns>The number of deleted deliveries.</returns>
    Task<int> DeleteAsync(ProjectId project, WebhookId webhook, int limit, CancellationToken cancellationToken);
}
