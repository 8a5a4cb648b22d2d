using KeysCluster.Api.Errors;
using KeysCluster.Webhooks;

namespace KeysCluster.Api.Webhooks;

/// <summary>One delivery.</summary>
internal sealed record DeliveryResponse(DeliveryResource Delivery)
{
    /// <summary>
    /// Returns the response with the delivery that a call returns, or an error if there is none with the ids of a path.
    /// </summary>
    public static async Task<IResult> CreateAsync(
        string webhookId, string deliveryId, Func<WebhookId, WebhookDeliveryId, Task<WebhookDelivery?>> callAsync) =>
        WebhookId.TryParse(webhookId, out var webhook) && WebhookDeliveryId.TryParse(deliveryId, out var delivery)
            ? Create(await callAsync(webhook, delivery), ApiErrors.DeliveryNotFound)
            : ApiErrors.DeliveryNotFound;

    /// <summary>Returns the response, or an error if there is no delivery.</summary>
    public static IResult Create(WebhookDelivery? delivery, ErrorResult notFound) =>
        delivery is null ? notFound : TypedResults.Ok(new DeliveryResponse(DeliveryResource.From(delivery)));
}
