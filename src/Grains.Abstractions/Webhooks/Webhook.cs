using KeysCluster.Secrets;

namespace KeysCluster.Webhooks;

/// <summary>A webhook of a project, without its signing secrets.</summary>
[GenerateSerializer, Immutable, Alias("KeysCluster.Webhook")]
public sealed record Webhook
{
    /// <summary>The id. It never changes.</summary>
    [Id(0)] public required WebhookId Id { get; init; }

    /// <summary>Where events are posted, at most <see cref="WebhookLimits.MaxUrlLength"/> characters.</summary>
    [Id(1)] public required string Url { get; init; }

    /// <summary>What the webhook is for; null for nothing.</summary>
    [Id(2)] public string? Description { get; init; }

    /// <summary>The types that are delivered, out of <see cref="WebhookEventTypes.All"/>; null for all.</summary>
    [Id(3)] public IReadOnlyList<string>? EventTypes { get; init; }

    /// <summary>The time of creation. Earlier events are not delivered.</summary>
    [Id(4)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Since when nothing is delivered; null while the webhook is enabled.</summary>
    [Id(5)] public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>Why nothing is delivered; null while the webhook is enabled.</summary>
    [Id(6)] public WebhookDisabledReason? DisabledReason { get; init; }

    /// <summary>The id of the current signing secret.</summary>
    [Id(7)] public required SecretId SecretId { get; init; }

    /// <summary>The time until which deliveries are also signed with the secret before; null for no such.</summary>
    [Id(8)] public DateTimeOffset? RetiringUntil { get; init; }
}
