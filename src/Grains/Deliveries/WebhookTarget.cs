namespace KeysCluster.Grains.Deliveries;

/// <summary>Where deliveries of a webhook are sent, and how they are signed.</summary>
/// <param name="Url">The URL.</param>
/// <param name="Keys">
/// The keys of the signatures, that of the current secret first; empty if the peppers of all are missing.
/// </param>
internal sealed record WebhookTarget(string Url, IReadOnlyList<byte[]> Keys);
