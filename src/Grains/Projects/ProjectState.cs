using KeysCluster.Grains.Secrets;

namespace KeysCluster.Grains.Projects;

/// <summary>A project as storage keeps it. Names and meanings are a storage contract: add, never change.</summary>
internal sealed record ProjectState
{
    public int SchemaVersion { get; init; } = 1;

    public required string Id { get; init; }

    public required string Name { get; init; }

    public required SecretSet Secrets { get; init; }

    public required long Revision { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required Change Change { get; init; }
}
