using System.Text.Json;
using System.Text.Json.Serialization;

namespace KeysCluster.Grains.Webhooks;

/// <summary>
/// A signing secret of a webhook, encrypted under a key that is derived from a pepper. JSON names are a storage
/// contract.
/// </summary>
internal sealed record StoredWebhookSecret
{
    public required string Id { get; init; }

    public required byte[] Sealed { get; init; }

    /// <summary>Identifies the pepper under which the secret is encrypted.</summary>
    public required string PepperId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>From when on the secret no longer signs; null for the current one.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? UnknownMembers { get; init; }

    public bool HasExpired(DateTimeOffset now) => ValidUntil <= now;
}
