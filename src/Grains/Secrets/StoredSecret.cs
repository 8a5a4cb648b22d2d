using System.Security.Cryptography;
using KeysCluster.Secrets;

namespace KeysCluster.Grains.Secrets;

/// <summary>What storage keeps of a secret.</summary>
internal sealed record StoredSecret
{
    public required string Id { get; init; }

    /// <summary>HMAC-SHA256 of the secret's digest under the pepper that <see cref="PepperId"/> names.</summary>
    public required byte[] Hash { get; init; }

    public required string PepperId { get; init; }

    public required string DisplayPrefix { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The instant from which it no longer works; null while it is the current secret.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>What is kept of a secret that its caller has just minted.</summary>
    public static StoredSecret Of(NewSecret secret, Pepper pepper, DateTimeOffset now) => new()
    {
        Id = secret.Id.ToString(),
        Hash = pepper.Hash(secret.Digest),
        PepperId = pepper.Id,
        DisplayPrefix = secret.DisplayPrefix,
        CreatedAt = now,
    };

    public bool HasHash(ReadOnlySpan<byte> hash) => CryptographicOperations.FixedTimeEquals(Hash, hash);

    /// <summary>The boundary of a grace period: good before the deadline, bad from the deadline on.</summary>
    public bool HasEnded(DateTimeOffset now) => ValidUntil <= now;
}
