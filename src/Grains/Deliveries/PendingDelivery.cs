using KeysCluster.Webhooks;

namespace KeysCluster.Grains.Deliveries;

/// <summary>
/// The earliest pending delivery of a virtual key or project to a webhook. The later ones wait for it.
/// </summary>
/// <param name="Id">The id.</param>
/// <param name="OwnerId">The virtual key or project.</param>
/// <param name="Payload">The body.</param>
/// <param name="AttemptCount">The number of attempts so far.</param>
/// <param name="Attempts">The latest attempts, oldest first.</param>
/// <param name="NextAttemptAt">The earliest time of the next attempt.</param>
/// <param name="FailingSince">The time of the first of the attempts that failed; null before one has.</param>
public sealed record PendingDelivery(
    WebhookDeliveryId Id,
    string OwnerId,
    string Payload,
    int AttemptCount,
    IReadOnlyList<WebhookAttempt> Attempts,
    DateTimeOffset NextAttemptAt,
    DateTimeOffset? FailingSince = null);
