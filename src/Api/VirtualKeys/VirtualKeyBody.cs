using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.VirtualKeys;

/// <summary>A virtual key on the wire. The contract names eleven of its members; the others may grow.</summary>
internal sealed record VirtualKeyBody
{
    public required string Id { get; init; }

    public required string ProjectId { get; init; }

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

    /// <summary>When a validation last succeeded; lists may be a minute behind, and so is a crash.</summary>
    public required DateTimeOffset? LastUsedAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Replaced secrets that still work, latest replaced first.</summary>
    public required IReadOnlyList<RetiringSecret> RetiringSecrets { get; init; }

    public static VirtualKeyBody Of(VirtualKey key) => new()
    {
        Id = key.Id.ToString(),
        ProjectId = key.ProjectId.ToString(),
        DisplayPrefix = key.DisplayPrefix,
        Name = key.Name,
        Description = key.Description,
        Environment = key.Environment,
        Status = key.RevokedAt is null ? VirtualKeyStatus.Active : VirtualKeyStatus.Revoked,
        PrincipalUserId = key.PrincipalUserId,
        ProviderCredentialIds = key.ProviderCredentialIds,
        Revision = key.Revision.ToString(System.Globalization.CultureInfo.InvariantCulture),
        LastUsedAt = key.LastUsedAt,
        CreatedAt = key.CreatedAt,
        UpdatedAt = key.UpdatedAt,
        RevokedAt = key.RevokedAt,
        RetiringSecrets = key.RetiringSecrets,
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
