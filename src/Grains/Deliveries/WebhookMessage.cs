namespace KeysCluster.Grains.Deliveries;

/// <summary>What is sent to the endpoint of a webhook.</summary>
/// <param name="Id">The id, by which the receiver recognizes a repeated message.</param>
/// <param name="Payload">The body, as JSON.</param>
internal sealed record WebhookMessage(string Id, string Payload);
