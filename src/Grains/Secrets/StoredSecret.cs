using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using KeysCluster.Secrets;

namespace KeysCluster.Grains.Secrets;

/// <summary>The stored form of a secret: its hash, never the secret.</summary>
internal sealed record StoredSecret
{
    public required string Id { get; init; }

    /// <summary>HMAC-SHA256 of the digest of the secret under the pepper with id <see cref="PepperId"/>.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>Identifies the pepper of the hash.</summary>
    public required string PepperId { get; init; }

    public required string DisplayPrefix { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The deadline, from which the secret is invalid; null for the current secret.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>
    /// Whether a caller has expired the secret. Unlike a deadline, this does not depend on a clock: the secret stays
    /// expired when a clock is set back.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsExpired { get; init; }

    /// <summary>
    /// Whether another system issued the secret, so that it does not name its key. The database finds the key by the
    /// hash.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsImported { get; init; }

    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>The address of the client at the last use; null if unknown.</summary>
    public string? LastUsedFrom { get; init; }

    /// <summary>The warning that the secret expires soon while it is in use; null if there was none.</summary>
    public ExpiryWarning? ExpiryWarning { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? UnknownMembers { get; init; }

    public static StoredSecret From(
        NewSecret secret, Pepper pepper, DateTimeOffset now, bool isImported = false) => new()
        {
            Id = secret.Id.ToString(),
            Hash = pepper.Hash(secret.Digest),
            PepperId = pepper.Id,
            DisplayPrefix = secret.DisplayPrefix,
            CreatedAt = now,
            IsImported = isImported,
        };

    /// <summary>
    /// Returns the secret with its hash under the current pepper; the same instance if it has that already, or if the
    /// digest is not the one of this secret.
    /// </summary>
    public StoredSecret Rehash(Sha256Digest digest, PepperSet peppers)
    {
        if (PepperId == peppers.Current.Id || !new PresentedHashes(digest, peppers).Match(this)) return this;
        return this with { Hash = peppers.Current.Hash(digest), PepperId = peppers.Current.Id };
    }

    public bool HasHash(ReadOnlySpan<byte> hash) => CryptographicOperations.FixedTimeEquals(Hash, hash);

    /// <summary>The boundary of a grace period: valid before the deadline, invalid from the deadline on.</summary>
    public bool HasExpired(DateTimeOffset now) => IsExpired || ValidUntil <= now;
}
