using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.VirtualKeys;

/// <summary>A virtual key on the wire. The contract names eleven of its members; the others may grow.</summary>
internal sealed record VirtualKeyBody
{
    public required string Id { get; init; }

    public required string ProjectId { get; init; }

    /// <summary>Names the current secret.</summary>
    public required string SecretId { get; init; }

    /// <summary>The first characters of the current secret, enough to tell secrets apart.</summary>
    public required string DisplayPrefix { get; init; }

    public required string Name { get; init; }

    public required string? Description { get; init; }

    public required VirtualKeyEnvironment Environment { get; init; }

    public required VirtualKeyStatus Status { get; init; }

    public required string? PrincipalUserId { get; init; }

    public required IReadOnlyList<string> ProviderCredentialIds { get; init; }

    /// <summary>A decimal number, "1" at birth and one more for each change; a use is not a change.</summary>
    public required string Revision { get; init; }

    /// <summary>When a validation last succeeded; lists may be two minutes behind, and a crash may lose as much.</summary>
    public required DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>When a validation of the current secret last succeeded.</summary>
    public required DateTimeOffset? SecretLastUsedAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>From this instant on the key does not work; null for never.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was disabled; null while it is enabled. The status does not tell.</summary>
    public required DateTimeOffset? DisabledAt { get; init; }

    public required string? DisabledReason { get; init; }

    public required DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Replaced secrets that still work, latest deadline first.</summary>
    public required IReadOnlyList<RetiringSecretBody> RetiringSecrets { get; init; }

    public static VirtualKeyBody Of(VirtualKey key) => new()
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
        Revision = key.Revision.ToString(System.Globalization.CultureInfo.InvariantCulture),
        LastUsedAt = key.LastUsedAt,
        SecretLastUsedAt = key.SecretLastUsedAt,
        CreatedAt = key.CreatedAt,
        UpdatedAt = key.UpdatedAt,
        ExpiresAt = key.ExpiresAt,
        DisabledAt = key.DisabledAt,
        DisabledReason = key.DisabledReason,
        RevokedAt = key.RevokedAt,
        RetiringSecrets = [.. key.RetiringSecrets.Select(RetiringSecretBody.Of)],
    };
}

/// <summary>The contract's two values; a third one would break clients generated from it.</summary>
internal enum VirtualKeyStatus
{
    Active,
    Revoked,
}

/// <summary>The answer to a call about one virtual key.</summary>
internal sealed record VirtualKeyAnswer(VirtualKeyBody VirtualKey)
{
    public static VirtualKeyAnswer Of(VirtualKey key) => new(VirtualKeyBody.Of(key));
}

/// <summary>The answer that hands a new secret to its owner, the only time that it is shown.</summary>
internal sealed record VirtualKeyWithSecretAnswer(VirtualKeyBody VirtualKey, string Secret);
