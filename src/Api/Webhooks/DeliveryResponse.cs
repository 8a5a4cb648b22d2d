using KeysCluster.Webhooks;

namespace KeysCluster.Api.Webhooks;

/// <summary>One delivery.</summary>
internal sealed record DeliveryResponse(DeliveryResource Delivery)
{
    /// <summary>Returns the response, or an error if there is no delivery.</summary>
    public static IResult Create(WebhookDelivery? delivery, Errors.ErrorResult notFound) =>
        delivery is null ? notFound : TypedResults.Ok(new DeliveryResponse(DeliveryResource.From(delivery)));
}
