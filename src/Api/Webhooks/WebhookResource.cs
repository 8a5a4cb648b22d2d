using System.ComponentModel;
using KeysCluster.Webhooks;

namespace KeysCluster.Api.Webhooks;

/// <summary>A webhook.</summary>
internal sealed record WebhookResource
{
    public required string Id { get; init; }

    /// <summary>Where events are posted.</summary>
    public required string Url { get; init; }

    public required string? Description { get; init; }

    [Description("The types of events that are delivered; null for all, also those that are added later.")]
    public required IReadOnlyList<string>? EventTypes { get; init; }

    public required WebhookStatus Status { get; init; }

    /// <summary>Since when nothing is delivered.</summary>
    public required DateTimeOffset? DisabledAt { get; init; }

    [Description("requested, or failing if the endpoint accepted nothing for three days; null while it is enabled.")]
    public required WebhookDisabledReason? DisabledReason { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The id of the current signing secret.</summary>
    public required string SecretId { get; init; }

    [Description("Until this time, deliveries are signed with the replaced signing secret too; null if there is none.")]
    public required DateTimeOffset? RetiringUntil { get; init; }

    public static WebhookResource From(Webhook webhook) => new()
    {
        Id = webhook.Id.ToString(),
        Url = webhook.Url,
        Description = webhook.Description,
        EventTypes = webhook.EventTypes,
        Status = webhook.DisabledAt is null ? WebhookStatus.Enabled : WebhookStatus.Disabled,
        DisabledAt = webhook.DisabledAt,
        DisabledReason = webhook.DisabledReason,
        CreatedAt = webhook.CreatedAt,
        SecretId = webhook.SecretId.ToString(),
        RetiringUntil = webhook.RetiringUntil,
    };
}
