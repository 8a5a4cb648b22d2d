using KeysCluster.Idempotency;
using KeysCluster.Secrets;

namespace KeysCluster.Webhooks;

/// <summary>
/// Makes a new secret the current one of a webhook. During the grace period, deliveries carry a signature by each.
/// </summary>
[GenerateSerializer, Immutable, Alias("KeysCluster.RotateWebhookSecret")]
public sealed record RotateWebhookSecretCommand : IIdempotentCommand
{
    /// <summary>The identity on whose behalf the secret is rotated.</summary>
    [Id(0)] public required Caller Caller { get; init; }

    /// <summary>The webhook.</summary>
    [Id(1)] public required WebhookId Id { get; init; }

    /// <summary>The id of the new secret.</summary>
    [Id(2)] public required SecretId SecretId { get; init; }

    /// <summary>The new secret.</summary>
    [Id(3)] public required WebhookSecret Secret { get; init; }

    /// <summary>How long the replaced secret signs as well: 0 to <see cref="GracePeriod.Maximum"/>.</summary>
    [Id(4)] public required TimeSpan GracePeriod { get; init; }

    /// <summary>Set when the caller may repeat this command.</summary>
    [Id(5)] public IdempotentRequest? Idempotency { get; init; }
}
