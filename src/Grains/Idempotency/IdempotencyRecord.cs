using System.Text.Json;
using System.Text.Json.Serialization;

namespace KeysCluster.Grains.Idempotency;

/// <summary>
/// Stores the secret that a change handed out, so that the same request, repeated, gets the same secret.
/// </summary>
internal sealed record IdempotencyRecord
{
    /// <summary>HMAC of the digest of the idempotency key under the pepper with id <see cref="PepperId"/>.</summary>
    public required byte[] KeyHash { get; init; }

    /// <summary>
    /// Identifies the pepper of the record; null in a record of a build that had one pepper.
    /// </summary>
    public string? PepperId { get; init; }

    /// <summary>The digest of the request.</summary>
    [JsonPropertyName("fingerprint")]
    public required byte[] RequestHash { get; init; }

    /// <summary>
    /// The secret, sealed by its caller under the idempotency key and then here under the same pepper.
    /// </summary>
    public required byte[] SealedSecret { get; init; }

    /// <summary>The id of the secret. A replay hands it out with the resource as it is then.</summary>
    public required string SecretId { get; init; }

    /// <summary>The instant from which the idempotency key identifies a new request.</summary>
    [JsonPropertyName("ends_at")]
    public required DateTimeOffset ExpiresAt { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? UnknownMembers { get; init; }

    public bool HasExpired(DateTimeOffset now) => ExpiresAt <= now;
}
