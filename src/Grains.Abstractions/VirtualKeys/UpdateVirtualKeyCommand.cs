using System.Net;

namespace KeysCluster.VirtualKeys;

/// <summary>
/// Changes fields of a virtual key. Fields that are not set stay as they are. The grain checks the limits of the
/// members; see <see cref="VirtualKeyLimits"/>.
/// </summary>
[GenerateSerializer, Immutable, Alias("KeysCluster.UpdateVirtualKey")]
public sealed record UpdateVirtualKeyCommand
{
    /// <summary>The identity on whose behalf the key is changed.</summary>
    [Id(0)] public required Caller Caller { get; init; }

    /// <summary>
    /// The new name, 1 to <see cref="VirtualKeyLimits.MaxNameLength"/> characters; null to keep the present one.
    /// </summary>
    [Id(1)] public string? Name { get; init; }

    /// <summary>True when <see cref="Description"/> replaces the present one; a null description clears it.</summary>
    [Id(2)] public bool SetsDescription { get; init; }

    /// <summary>
    /// The new description, when <see cref="SetsDescription"/> is true: up to
    /// <see cref="VirtualKeyLimits.MaxDescriptionLength"/> characters, or null.
    /// </summary>
    [Id(3)] public string? Description { get; init; }

    /// <summary>
    /// The new list, up to <see cref="VirtualKeyLimits.MaxProviderCredentials"/> ids of 1 to
    /// <see cref="VirtualKeyLimits.MaxProviderCredentialIdLength"/> characters; null to keep the present one.
    /// </summary>
    [Id(4)] public IReadOnlyList<string>? ProviderCredentialIds { get; init; }

    /// <summary>True when <see cref="ExpiresAt"/> replaces the present one; a null expiry clears it.</summary>
    [Id(5)] public bool SetsExpiresAt { get; init; }

    /// <summary>
    /// The new expiry, when <see cref="SetsExpiresAt"/> is true: later than now, or null. It also limits the deadlines
    /// of retiring secrets.
    /// </summary>
    [Id(6)] public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The new permissions; null to keep the present ones.</summary>
    [Id(7)] public IReadOnlyList<string>? Permissions { get; init; }

    /// <summary>True when <see cref="ExternalId"/> replaces the present one; null clears it.</summary>
    [Id(8)] public bool SetsExternalId { get; init; }

    /// <summary>
    /// The new external id, when <see cref="SetsExternalId"/> is true: up to
    /// <see cref="VirtualKeyLimits.MaxExternalIdLength"/> characters, or null.
    /// </summary>
    [Id(9)] public string? ExternalId { get; init; }

    /// <summary>
    /// The new metadata, which replaces all entries; null to keep the present ones. Up to
    /// <see cref="VirtualKeyLimits.MaxMetadataEntries"/> entries, with keys of up to
    /// <see cref="VirtualKeyLimits.MaxMetadataKeyLength"/> and values of up to
    /// <see cref="VirtualKeyLimits.MaxMetadataValueLength"/> characters.
    /// </summary>
    [Id(10)] public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>
    /// A JSON object whose members replace those of the configuration, and remove those that are null in it. The JSON
    /// text <c>null</c> removes the configuration. Null keeps the present one. The result has up to
    /// <see cref="VirtualKeyLimits.MaxConfigBytes"/>.
    /// </summary>
    [Id(11)] public string? ConfigPatch { get; init; }

    /// <summary>The new addresses; empty for any, null to keep the present ones.</summary>
    [Id(12)] public IReadOnlyList<IPNetwork>? AllowedIps { get; init; }
}
