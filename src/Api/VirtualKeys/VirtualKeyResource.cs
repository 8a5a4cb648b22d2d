using System.Globalization;
using KeysCluster.Api.RetiringSecrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.VirtualKeys;

/// <summary>A virtual key. The contract requires eleven of its members; others may be added.</summary>
internal sealed record VirtualKeyResource
{
    public required string Id { get; init; }

    public required string ProjectId { get; init; }

    /// <summary>The id of the current secret.</summary>
    public required string SecretId { get; init; }

    /// <summary>The first characters of the current secret, enough to distinguish secrets.</summary>
    public required string DisplayPrefix { get; init; }

    public required string Name { get; init; }

    public required string? Description { get; init; }

    public required VirtualKeyEnvironment Environment { get; init; }

    public required VirtualKeyStatus Status { get; init; }

    public required string? PrincipalUserId { get; init; }

    public required IReadOnlyList<string> ProviderCredentialIds { get; init; }

    /// <summary>A decimal number. It starts at "1" and increases by one with each change, not with a use.</summary>
    public required string Revision { get; init; }

    /// <summary>The last successful validation. Lists can be two minutes behind; a crash can lose as much.</summary>
    public required DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>The last successful validation of the current secret.</summary>
    public required DateTimeOffset? SecretLastUsedAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>From this time on the key is invalid; null if it does not expire.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When the key was disabled; null while it is enabled. The status does not show this.</summary>
    public required DateTimeOffset? DisabledAt { get; init; }

    public required string? DisabledReason { get; init; }

    public required DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Replaced secrets that are still valid, latest deadline first.</summary>
    public required IReadOnlyList<RetiringSecretResource> RetiringSecrets { get; init; }

    public static VirtualKeyResource From(VirtualKey key) => new()
    {
        Id = key.Id.ToString(),
        ProjectId = key.ProjectId.ToString(),
        SecretId = key.SecretId.ToString(),
        DisplayPrefix = key.DisplayPrefix,
        Name = key.Name,
        Description = key.Description,
        Environment = key.Environment,
        Status = key.RevokedAt is null ? VirtualKeyStatus.Active : VirtualKeyStatus.Revoked,
        PrincipalUserId = key.PrincipalUserId,
        ProviderCredentialIds = key.ProviderCredentialIds,
        Revision = key.Revision.ToString(CultureInfo.InvariantCulture),
        LastUsedAt = key.LastUsedAt,
        SecretLastUsedAt = key.SecretLastUsedAt,
        CreatedAt = key.CreatedAt,
        UpdatedAt = key.UpdatedAt,
        ExpiresAt = key.ExpiresAt,
        DisabledAt = key.DisabledAt,
        DisabledReason = key.DisabledReason,
        RevokedAt = key.RevokedAt,
        RetiringSecrets = [.. key.RetiringSecrets.Select(RetiringSecretResource.From)],
    };
}
