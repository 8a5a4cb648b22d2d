namespace KeysCluster.Webhooks;

/// <summary>An event, and how its delivery to a webhook went.</summary>
[GenerateSerializer, Immutable, Alias("KeysCluster.WebhookDelivery")]
public sealed record WebhookDelivery
{
    /// <summary>The id, which the endpoint receives as <c>webhook-id</c>.</summary>
    [Id(0)] public required WebhookDeliveryId Id { get; init; }

    /// <summary>The webhook.</summary>
    [Id(1)] public required WebhookId WebhookId { get; init; }

    /// <summary>The type of the event.</summary>
    [Id(2)] public required string Type { get; init; }

    /// <summary>The position of the event in the event log; null for a test delivery.</summary>
    [Id(3)] public long? Position { get; init; }

    /// <summary>The body that is sent, as JSON.</summary>
    [Id(4)] public required string Payload { get; init; }

    /// <summary>When the delivery was added.</summary>
    [Id(5)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whether the endpoint has accepted it.</summary>
    [Id(6)] public required WebhookDeliveryStatus Status { get; init; }

    /// <summary>The number of attempts so far.</summary>
    [Id(7)] public required int AttemptCount { get; init; }

    /// <summary>The latest attempts, oldest first, at most 20.</summary>
    [Id(8)] public required IReadOnlyList<WebhookAttempt> Attempts { get; init; }

    /// <summary>
    /// The earliest time of the next attempt; null unless the delivery is pending. While the endpoint fails, attempts
    /// are less frequent.
    /// </summary>
    [Id(9)] public DateTimeOffset? NextAttemptAt { get; init; }
}
