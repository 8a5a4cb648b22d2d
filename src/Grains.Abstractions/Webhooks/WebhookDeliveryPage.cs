namespace KeysCluster.Webhooks;

/// <summary>A page of deliveries, latest first.</summary>
/// <param name="Deliveries">The deliveries.</param>
/// <param name="HasMore">Whether there are more after the page.</param>
[GenerateSerializer, Immutable, Alias("KeysCluster.WebhookDeliveryPage")]
public sealed record WebhookDeliveryPage(
    [property: Id(0)] IReadOnlyList<WebhookDelivery> Deliveries, [property: Id(1)] bool HasMore);
