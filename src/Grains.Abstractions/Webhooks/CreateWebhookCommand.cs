using KeysCluster.Idempotency;
using KeysCluster.Secrets;

namespace KeysCluster.Webhooks;

/// <summary>Creates a webhook.</summary>
[GenerateSerializer, Immutable, Alias("KeysCluster.CreateWebhook")]
public sealed record CreateWebhookCommand : IIdempotentCommand
{
    /// <summary>The identity on whose behalf the webhook is created.</summary>
    [Id(0)] public required Caller Caller { get; init; }

    /// <summary>The id of the new webhook.</summary>
    [Id(1)] public required WebhookId Id { get; init; }

    /// <summary>An absolute URL of 1 to <see cref="WebhookLimits.MaxUrlLength"/> characters.</summary>
    [Id(2)] public required string Url { get; init; }

    /// <summary>At most <see cref="WebhookLimits.MaxDescriptionLength"/> characters, or null.</summary>
    [Id(3)] public string? Description { get; init; }

    /// <summary>The types to deliver, out of <see cref="WebhookEventTypes.All"/>; null for all.</summary>
    [Id(4)] public IReadOnlyList<string>? EventTypes { get; init; }

    /// <summary>The id of the first signing secret.</summary>
    [Id(5)] public required SecretId SecretId { get; init; }

    /// <summary>The first signing secret.</summary>
    [Id(6)] public required WebhookSecret Secret { get; init; }

    /// <summary>Set when the caller may repeat this command.</summary>
    [Id(7)] public IdempotentRequest? Idempotency { get; init; }
}
