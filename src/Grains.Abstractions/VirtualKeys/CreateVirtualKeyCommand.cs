using System.Collections.ObjectModel;
using System.Net;
using KeysCluster.Idempotency;
using KeysCluster.Secrets;

namespace KeysCluster.VirtualKeys;

/// <summary>
/// Creates a virtual key. The grain checks the limits of the members; see <see cref="VirtualKeyLimits"/>.
/// </summary>
[GenerateSerializer, Immutable, Alias("KeysCluster.CreateVirtualKey")]
public sealed record CreateVirtualKeyCommand : IIdempotentCommand
{
    /// <summary>The identity on whose behalf the key is created. Its project will own the key.</summary>
    [Id(0)] public required Caller Caller { get; init; }

    /// <summary>1 to <see cref="VirtualKeyLimits.MaxNameLength"/> characters.</summary>
    [Id(1)] public required string Name { get; init; }

    /// <summary>Up to <see cref="VirtualKeyLimits.MaxDescriptionLength"/> characters, or null.</summary>
    [Id(2)] public string? Description { get; init; }

    /// <summary>The environment of the key. It cannot be changed later.</summary>
    [Id(3)] public required VirtualKeyEnvironment Environment { get; init; }

    /// <summary>
    /// The user that the key represents, in 1 to <see cref="VirtualKeyLimits.MaxPrincipalUserIdLength"/> characters, or
    /// null.
    /// </summary>
    [Id(4)] public string? PrincipalUserId { get; init; }

    /// <summary>
    /// An ordered list of up to <see cref="VirtualKeyLimits.MaxProviderCredentials"/> opaque ids of 1 to
    /// <see cref="VirtualKeyLimits.MaxProviderCredentialIdLength"/> characters.
    /// </summary>
    [Id(5)] public required IReadOnlyList<string> ProviderCredentialIds { get; init; }

    /// <summary>The first secret.</summary>
    [Id(6)] public required NewSecret Secret { get; init; }

    /// <summary>The instant from which the key is invalid, later than now; null for no expiry.</summary>
    [Id(7)] public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Set when the caller may repeat this command.</summary>
    [Id(8)] public IdempotentRequest? Idempotency { get; init; }

    /// <summary>
    /// Creates nothing: an earlier, identical request is replayed, and otherwise the key is not found.
    /// </summary>
    [Id(9)] public bool ReplayOnly { get; init; }

    /// <summary>What the key may do. See <see cref="PermissionRules"/>.</summary>
    [Id(10)] public IReadOnlyList<string> Permissions { get; init; } = [];

    /// <summary>
    /// The id of the key in another system, unique in the project while the key is not revoked; or null. Up to
    /// <see cref="VirtualKeyLimits.MaxExternalIdLength"/> characters.
    /// </summary>
    [Id(11)] public string? ExternalId { get; init; }

    /// <summary>
    /// Texts by name, without a meaning for this service. Up to <see cref="VirtualKeyLimits.MaxMetadataEntries"/>
    /// entries, with keys of up to <see cref="VirtualKeyLimits.MaxMetadataKeyLength"/> and values of up to
    /// <see cref="VirtualKeyLimits.MaxMetadataValueLength"/> characters.
    /// </summary>
    [Id(12)]
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>
    /// A JSON object for gateways to enforce, of up to <see cref="VirtualKeyLimits.MaxConfigBytes"/>, or null.
    /// </summary>
    [Id(13)] public string? Config { get; init; }

    /// <summary>
    /// The addresses from which the key may be used; empty for any. See <see cref="AllowedIpRange"/>.
    /// </summary>
    [Id(14)] public IReadOnlyList<IPNetwork> AllowedIps { get; init; } = [];

    /// <summary>
    /// Whether the first secret is one of another system, which does not name the key. No other key may have it.
    /// </summary>
    [Id(15)] public bool IsImported { get; init; }

    /// <summary>Whether the key is created disabled.</summary>
    [Id(16)] public bool IsDisabled { get; init; }
}
