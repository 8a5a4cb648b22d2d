using KeysCluster.Projects;
using KeysCluster.Secrets;

namespace KeysCluster.VirtualKeys;

/// <summary>A virtual key as people see it: everything but its secrets.</summary>
[GenerateSerializer, Immutable, Alias("KeysCluster.VirtualKey")]
public sealed record VirtualKey
{
    /// <summary>The id, never changed.</summary>
    [Id(0)] public required VirtualKeyId Id { get; init; }

    /// <summary>The project it belongs to.</summary>
    [Id(1)] public required ProjectId ProjectId { get; init; }

    /// <summary>1 to 128 characters, not necessarily unique.</summary>
    [Id(2)] public required string Name { get; init; }

    /// <summary>Free text, or null.</summary>
    [Id(3)] public string? Description { get; init; }

    /// <summary>Fixed at creation.</summary>
    [Id(4)] public required VirtualKeyEnvironment Environment { get; init; }

    /// <summary>The user it stands for, or null.</summary>
    [Id(5)] public string? PrincipalUserId { get; init; }

    /// <summary>An ordered, opaque list that the contract names.</summary>
    [Id(6)] public required IReadOnlyList<string> ProviderCredentialIds { get; init; }

    /// <summary>1 at birth, one more for each change; a use is not a change.</summary>
    [Id(7)] public required long Revision { get; init; }

    /// <summary>What people may see of the current secret.</summary>
    [Id(8)] public required string DisplayPrefix { get; init; }

    /// <summary>When it was created.</summary>
    [Id(9)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    [Id(10)] public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When a validation last succeeded; null when none did. A crash may lose the last two minutes.</summary>
    [Id(11)] public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>When it was revoked; null while it is active.</summary>
    [Id(12)] public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Replaced secrets that still work, latest deadline first; empty once revoked.</summary>
    [Id(13)] public required IReadOnlyList<RetiringSecret> RetiringSecrets { get; init; }

    /// <summary>Names the current secret.</summary>
    [Id(14)] public required SecretId SecretId { get; init; }

    /// <summary>When a validation of the current secret last succeeded; null when none did.</summary>
    [Id(15)] public DateTimeOffset? SecretLastUsedAt { get; init; }

    /// <summary>From this instant on the key does not work; null for never.</summary>
    [Id(16)] public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was disabled; null while it is enabled.</summary>
    [Id(17)] public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>Why it was disabled, if that was said.</summary>
    [Id(18)] public string? DisabledReason { get; init; }
}
