using System.Text.Json;
using System.Text.Json.Serialization;
using KeysCluster.Secrets;
using KeysCluster.Validation.Caching;
using KeysCluster.Webhooks;

namespace KeysCluster.Grains.Webhooks;

/// <summary>
/// A webhook as the state of its project contains it. JSON names and meanings are a storage contract: members are
/// added, never changed.
/// </summary>
internal sealed record WebhookState
{
    private const int OwnSize = 300;
    private const int SecretSize = 300;

    public required string Id { get; init; }

    public required string Url { get; init; }

    public string? Description { get; init; }

    /// <summary>The types that are delivered; null for all, also those that later builds add.</summary>
    public IReadOnlyList<string>? EventTypes { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>When the webhook was last enabled again; null if it never was.</summary>
    public DateTimeOffset? EnabledAt { get; init; }

    /// <summary>When the webhook was disabled before it was last enabled again; null if it never was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? LastDisabledAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public WebhookDisabledReason DisabledReason { get; init; }

    /// <summary>The current signing secret, and then those before it, latest first.</summary>
    public required IReadOnlyList<StoredWebhookSecret> Secrets { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? UnknownMembers { get; init; }

    /// <summary>Returns whether events of a type are delivered while the webhook is enabled.</summary>
    public bool Delivers(string eventType) => EventTypes?.Contains(eventType) != false;

    public int EstimateSize() => OwnSize
        + SecretSize * Secrets.Count
        + MemorySize.Estimate(Url)
        + MemorySize.Estimate(Description)
        + MemorySize.Estimate(EventTypes ?? []);

    public Webhook ToWebhook(DateTimeOffset now) => new()
    {
        Id = WebhookId.Parse(Id),
        Url = Url,
        Description = Description,
        EventTypes = EventTypes,
        CreatedAt = CreatedAt,
        DisabledAt = DisabledAt,
        DisabledReason = DisabledAt is null ? null : DisabledReason,
        SecretId = SecretId.Parse(Secrets[0].Id),
        RetiringUntil = Secrets.Where(secret => !secret.HasExpired(now)).Max(secret => secret.ValidUntil),
    };
}
