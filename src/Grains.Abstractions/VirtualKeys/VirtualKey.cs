using System.Collections.ObjectModel;
using System.Net;
using KeysCluster.Secrets;

namespace KeysCluster.VirtualKeys;

/// <summary>A virtual key without its secrets.</summary>
[GenerateSerializer, Immutable, Alias("KeysCluster.VirtualKey")]
public sealed record VirtualKey
{
    /// <summary>The id. It never changes.</summary>
    [Id(0)] public required VirtualKeyId Id { get; init; }

    /// <summary>The project that owns the key.</summary>
    [Id(1)] public required ProjectId ProjectId { get; init; }

    /// <summary>1 to 128 characters, not necessarily unique.</summary>
    [Id(2)] public required string Name { get; init; }

    /// <summary>Free text, or null.</summary>
    [Id(3)] public string? Description { get; init; }

    /// <summary>Set at creation.</summary>
    [Id(4)] public required VirtualKeyEnvironment Environment { get; init; }

    /// <summary>The user that the key represents, or null.</summary>
    [Id(5)] public string? PrincipalUserId { get; init; }

    /// <summary>An ordered list of opaque ids.</summary>
    [Id(6)] public required IReadOnlyList<string> ProviderCredentialIds { get; init; }

    /// <summary>Starts at 1 and increases by one with each change. Uses are not changes.</summary>
    [Id(7)] public required long Revision { get; init; }

    /// <summary>The part of the current secret that may be displayed.</summary>
    [Id(8)] public required string DisplayPrefix { get; init; }

    /// <summary>The time of creation.</summary>
    [Id(9)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The time of the last change.</summary>
    [Id(10)] public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>
    /// The time of the last successful validation; null when there was none. A crash may lose the last two minutes.
    /// </summary>
    [Id(11)] public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>The time of revocation; null when the key is not revoked.</summary>
    [Id(12)] public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Replaced secrets that are still valid, latest deadline first; empty once the key is revoked.</summary>
    [Id(13)] public required IReadOnlyList<RetiringSecret> RetiringSecrets { get; init; }

    /// <summary>The id of the current secret.</summary>
    [Id(14)] public required SecretId SecretId { get; init; }

    /// <summary>The time of the last successful validation of the current secret; null when there was none.</summary>
    [Id(15)] public DateTimeOffset? SecretLastUsedAt { get; init; }

    /// <summary>The instant from which the key is invalid; null for no expiry.</summary>
    [Id(16)] public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The time at which the key was disabled; null while it is enabled.</summary>
    [Id(17)] public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>The reason for which the key was disabled, if one was given.</summary>
    [Id(18)] public string? DisabledReason { get; init; }

    /// <summary>What the key may do, in the order in which it was set. See <see cref="PermissionRules"/>.</summary>
    [Id(19)] public IReadOnlyList<string> Permissions { get; init; } = [];

    /// <summary>
    /// The id of the key in another system, unique in the project while the key is not revoked; or null.
    /// </summary>
    [Id(20)] public string? ExternalId { get; init; }

    /// <summary>Texts by name, without a meaning for this service.</summary>
    [Id(21)]
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>
    /// A JSON object for gateways to enforce, without a meaning for this service; null when none is set.
    /// </summary>
    [Id(22)] public string? Config { get; init; }

    /// <summary>The addresses from which the key may be used; empty when it may be used from any.</summary>
    [Id(23)] public IReadOnlyList<IPNetwork> AllowedIps { get; init; } = [];

    /// <summary>The status. An expired key keeps it.</summary>
    public VirtualKeyStatus Status => this switch
    {
        { RevokedAt: not null } => VirtualKeyStatus.Revoked,
        { DisabledAt: not null } => VirtualKeyStatus.Disabled,
        _ => VirtualKeyStatus.Active,
    };
}
