using KeysCluster.Grains.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.VirtualKeys;

/// <summary>A virtual key as storage keeps it. Names and meanings are a storage contract: add, never change.</summary>
internal sealed record VirtualKeyState
{
    public int SchemaVersion { get; init; } = 1;

    public required string Id { get; init; }

    public required string ProjectId { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    public required VirtualKeyEnvironment Environment { get; init; }

    public string? PrincipalUserId { get; init; }

    public required IReadOnlyList<string> ProviderCredentialIds { get; init; }

    public required SecretSet Secrets { get; init; }

    public required long Revision { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; init; }

    public required Change Change { get; init; }
}
