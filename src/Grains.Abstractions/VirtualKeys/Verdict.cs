using System.Net;
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

    /// <summary>The project of the key is disabled or archived.</summary>
    public static Verdict ProjectDisabled { get; } = new() { Code = VerdictCode.ProjectDisabled };

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

    /// <summary>
    /// The required permissions that the key lacks; empty unless the code is
    /// <see cref="VerdictCode.InsufficientPermissions"/>.
    /// </summary>
    [Id(4)] public IReadOnlyList<string> MissingPermissions { get; init; } = [];

    /// <summary>True when the secret is valid now, and everything that was required of the key holds.</summary>
    public bool IsValid => Code is VerdictCode.Active or VerdictCode.Retiring;

    /// <summary>
    /// Returns the verdict for a use of the key: this one, unless the secret is valid and the key may not be used from
    /// the address or lacks a permission. Does not allocate if it is this one.
    /// </summary>
    /// <param name="permissions">The permissions that the use requires; null or empty for none.</param>
    /// <param name="address">
    /// The address of the client; null if unknown, for which a key with allowed addresses is refused.
    /// </param>
    public Verdict Require(IReadOnlyList<string>? permissions, IPAddress? address)
    {
        if (!IsValid || Key is not { } key) return this;
        if (!AllowedIpRange.Contains(key.AllowedIps, address)) return this with { Code = VerdictCode.IpNotAllowed };
        if (permissions is null || PermissionRules.AreGranted(key.Permissions, permissions)) return this;
        return this with
        {
            Code = VerdictCode.InsufficientPermissions,
            MissingPermissions = PermissionRules.FindMissing(key.Permissions, permissions),
        };
    }
}
