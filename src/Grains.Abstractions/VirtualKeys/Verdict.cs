using KeysCluster.Secrets;

namespace KeysCluster.VirtualKeys;

/// <summary>The outcome of a validation.</summary>
[GenerateSerializer, Immutable, Alias("KeysCluster.Verdict")]
public sealed record Verdict
{
    /// <summary>No virtual key has this secret.</summary>
    public static Verdict NotFound { get; } = new() { Code = VerdictCode.NotFound };

    /// <summary>The text cannot be a secret: wrong prefix, length, alphabet or checksum.</summary>
    public static Verdict Malformed { get; } = new() { Code = VerdictCode.Malformed };

    /// <summary>It cannot be told now whether the secret is good: refuse, and try again.</summary>
    public static Verdict Unavailable { get; } = new() { Code = VerdictCode.Unavailable };

    /// <summary>Why.</summary>
    [Id(0)] public required VerdictCode Code { get; init; }

    /// <summary>The key that the secret belongs to; null when there is none. Its last uses may be ten minutes old here.</summary>
    [Id(1)] public VirtualKey? Key { get; init; }

    /// <summary>The deadline of a retiring secret, or when an expired one ended; null otherwise.</summary>
    [Id(2)] public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>Names the secret that matched; null when none did.</summary>
    [Id(3)] public SecretId? SecretId { get; init; }

    /// <summary>Whether the secret works now.</summary>
    public bool IsValid => Code is VerdictCode.Active or VerdictCode.Retiring;
}

/// <summary>Why a secret is good or bad.</summary>
[GenerateSerializer, Alias("KeysCluster.VerdictCode")]
public enum VerdictCode
{
    /// <summary>Good: the current secret of an active key.</summary>
    Active = 0,

    /// <summary>Good until its deadline: a replaced secret inside its grace period.</summary>
    Retiring = 1,

    /// <summary>Bad: the key is revoked, whichever of its secrets this is.</summary>
    Revoked = 2,

    /// <summary>Bad: a replaced secret past its deadline. Once its hash is erased the verdict is <see cref="NotFound"/>.</summary>
    ExpiredSecret = 3,

    /// <summary>Bad: no key has this secret.</summary>
    NotFound = 4,

    /// <summary>Bad: not a secret at all.</summary>
    Malformed = 5,

    /// <summary>Bad for now: the key is disabled, which can be undone.</summary>
    Disabled = 6,

    /// <summary>Bad: the key is past its own expiry, which can be prolonged.</summary>
    Expired = 7,

    /// <summary>
    /// Not known: the silo's lease is not good or storage does not answer. It says nothing about the secret; refuse, and
    /// try again. Over REST this is <c>503 validation_unavailable</c> and no verdict.
    /// </summary>
    Unavailable = 8,
}
