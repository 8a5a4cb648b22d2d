using KeysCluster.Security;

namespace KeysCluster.Webhooks;

/// <summary>
/// The deliveries of the webhooks of a project. The grain key is the text of a <see cref="ProjectId"/>. Every method
/// may throw <see cref="Storage.StorageUnavailableException"/>.
/// </summary>
[Alias("KeysCluster.IWebhookDeliveryGrain")]
public interface IWebhookDeliveryGrain : IGrainWithStringKey
{
    /// <summary>Returns deliveries of a webhook, latest first.</summary>
    /// <param name="webhook">The webhook.</param>
    /// <param name="status">Only deliveries with this status; null for all.</param>
    /// <param name="after">The last delivery of the page before; null for the first page.</param>
    /// <param name="limit">The maximum number of deliveries, 1 to 200.</param>
    [Alias("List"), Retryable]
    [AllowClients(ClientRoles.FrontEnd)]
    Task<WebhookDeliveryPage> List(
        WebhookId webhook, WebhookDeliveryStatus? status, WebhookDeliveryId? after, int limit);

    /// <summary>Returns a delivery; null when there is none.</summary>
    [Alias("Get"), Retryable]
    [AllowClients(ClientRoles.FrontEnd)]
    Task<WebhookDelivery?> Get(WebhookId webhook, WebhookDeliveryId delivery);

    /// <summary>
    /// Has a delivery sent again, now, whether or not it was accepted before. Returns null when there is none.
    /// </summary>
    [Alias("Redeliver"), Retryable]
    [AllowClients(ClientRoles.FrontEnd)]
    Task<WebhookDelivery?> Redeliver(WebhookId webhook, WebhookDeliveryId delivery);

    /// <summary>
    /// Has every event since a time sent again, in order, also those that happened while the webhook was disabled.
    /// Events that have been deleted because of their age are not sent. The request is stored, and carried out in the
    /// background. If one is in progress for the webhook, it starts over, from the earlier of both times.
    /// </summary>
    /// <param name="webhook">The webhook.</param>
    /// <param name="since">The time of the first event.</param>
    /// <returns>
    /// The time of the first event that is sent, which an earlier request may have set; null when the project has no
    /// such webhook.
    /// </returns>
    [Alias("RedeliverSince"), Retryable]
    [AllowClients(ClientRoles.FrontEnd)]
    Task<DateTimeOffset?> RedeliverSince(WebhookId webhook, DateTimeOffset since);

    /// <summary>
    /// Sends an event of the type <see cref="WebhookEventTypes.Test"/> once, also to a disabled webhook, and returns
    /// the result. Returns null when the project has no such webhook.
    /// </summary>
    [Alias("Test")]
    [AllowClients(ClientRoles.FrontEnd)]
    Task<WebhookDelivery?> Test(WebhookId webhook);
}
