namespace KeysCluster.Client;

/// <summary>An endpoint to which events of a project are delivered.</summary>
public sealed record Webhook
{
    /// <summary>The id: <c>webhook_</c> and a ULID.</summary>
    public required string Id { get; init; }

    /// <summary>The address of the endpoint.</summary>
    public required string Url { get; init; }

    /// <summary>A description.</summary>
    public string? Description { get; init; }

    /// <summary>The types of events that are delivered; null for all.</summary>
    public IReadOnlyList<string>? EventTypes { get; init; }

    /// <summary>Whether events are delivered.</summary>
    public required WebhookStatus Status { get; init; }

    /// <summary>When the webhook was disabled; null while it is enabled.</summary>
    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary><c>failing</c> if the endpoint accepted nothing for three days, or <c>requested</c>.</summary>
    public string? DisabledReason { get; init; }

    /// <summary>When the webhook was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The id of the signing secret.</summary>
    public required string SecretId { get; init; }

    /// <summary>Until when replaced signing secrets sign as well.</summary>
    public DateTimeOffset? RetiringUntil { get; init; }
}
