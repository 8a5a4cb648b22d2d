using System.Text.Json;

namespace KeysCluster.Client;

/// <summary>An event on its way to an endpoint.</summary>
public sealed record WebhookDelivery
{
    /// <summary>The <c>webhook-id</c> of the message: <c>msg_</c> and a ULID.</summary>
    public required string Id { get; init; }

    /// <summary>The webhook.</summary>
    public required string WebhookId { get; init; }

    /// <summary>The type of the event.</summary>
    public required string Type { get; init; }

    /// <summary>The event; null for a test.</summary>
    public string? EventId { get; init; }

    /// <summary>The message.</summary>
    public required JsonElement Payload { get; init; }

    /// <summary>How far the delivery is.</summary>
    public required WebhookDeliveryStatus Status { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How often it was sent.</summary>
    public required int AttemptCount { get; init; }

    /// <summary>The last attempts.</summary>
    public IReadOnlyList<WebhookAttempt> Attempts { get; init; } = [];

    /// <summary>When it is sent again; null if it is not.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }
}
