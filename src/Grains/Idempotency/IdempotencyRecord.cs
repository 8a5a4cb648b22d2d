using System.Text.Json;
using System.Text.Json.Serialization;
using KeysCluster.Idempotency;

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

    /// <summary>
    /// The id of the secret with which an API key rotated itself. While it is retiring, it may repeat the request. Null
    /// for any other request, and in a record of an earlier build.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RotatedByItself { get; init; }

    /// <summary>The instant from which the idempotency key identifies a new request.</summary>
    [JsonPropertyName("ends_at")]
    public required DateTimeOffset ExpiresAt { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? UnknownMembers { get; init; }

    /// <summary>Returns whether a request under the same idempotency key repeats that of the record.</summary>
    public bool Matches(IdempotentRequest request) => RequestHash.AsSpan().SequenceEqual(request.RequestHash.ToArray());

    public bool HasExpired(DateTimeOffset now) => ExpiresAt <= now;
}
