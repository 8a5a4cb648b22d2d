using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using KeysCluster.Webhooks;

namespace KeysCluster.Api.Webhooks;

/// <summary>An event, and how its delivery to a webhook went.</summary>
internal sealed record DeliveryResource
{
    [Description("The header webhook-id of each attempt.")]
    public required string Id { get; init; }

    public required string WebhookId { get; init; }

    /// <summary>The type of the event.</summary>
    public required string Type { get; init; }

    [Description("The id of the event in the list of events; null for a test.")]
    public required string? EventId { get; init; }

    /// <summary>The body that is sent.</summary>
    public required JsonElement Payload { get; init; }

    public required WebhookDeliveryStatus Status { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required int AttemptCount { get; init; }

    /// <summary>The latest 20 attempts, oldest first.</summary>
    public required IReadOnlyList<AttemptResource> Attempts { get; init; }

    [Description("The earliest time of the next attempt; null unless the delivery is pending.")]
    public required DateTimeOffset? NextAttemptAt { get; init; }

    public static DeliveryResource From(WebhookDelivery delivery) => new()
    {
        Id = delivery.Id.ToString(),
        WebhookId = delivery.WebhookId.ToString(),
        Type = delivery.Type,
        EventId = delivery.Position?.ToString(CultureInfo.InvariantCulture),
        Payload = JsonElement.Parse(delivery.Payload),
        Status = delivery.Status,
        CreatedAt = delivery.CreatedAt,
        AttemptCount = delivery.AttemptCount,
        Attempts = [.. delivery.Attempts.Select(AttemptResource.From)],
        NextAttemptAt = delivery.NextAttemptAt,
    };
}
