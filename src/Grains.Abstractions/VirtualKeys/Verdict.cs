using KeysCluster.Secrets;

namespace KeysCluster.VirtualKeys;

/// <summary>The result of a validation.</summary>
[GenerateSerializer, Immutable, Alias("KeysCluster.Verdict")]
public sealed record Verdict
{
    /// <summary>No key has this secret.</summary>
    public static Verdict NotFound { get; } = new() { Code = VerdictCode.NotFound };

    /// <summary>The text is not in the format of a secret: wrong prefix, length, alphabet or checksum.</summary>
    public static Verdict Malformed { get; } = new() { Code = VerdictCode.Malformed };

    /// <summary>Validity cannot be determined now. Refuse the request and retry.</summary>
    public static Verdict Unavailable { get; } = new() { Code = VerdictCode.Unavailable };

    /// <summary>The reason.</summary>
    [Id(0)] public required VerdictCode Code { get; init; }

    /// <summary>
    /// The virtual key that the secret belongs to; null when there is none. Its times of last use may be up to ten
    /// minutes old.
    /// </summary>
    [Id(1)] public VirtualKey? Key { get; init; }

    /// <summary>The deadline of a retiring or expired secret; null for any other.</summary>
    [Id(2)] public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>The id of the secret that matched; null when none did.</summary>
    [Id(3)] public SecretId? SecretId { get; init; }

    /// <summary>True when the secret is valid now.</summary>
    public bool IsValid => Code is VerdictCode.Active or VerdictCode.Retiring;
}
