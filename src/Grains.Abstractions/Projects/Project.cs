using KeysCluster.Secrets;

namespace KeysCluster.Projects;

/// <summary>A project as people see it: the tenant that owns virtual keys.</summary>
[GenerateSerializer, Immutable, Alias("KeysCluster.Project")]
public sealed record Project
{
    /// <summary>The id, never changed.</summary>
    [Id(0)] public required ProjectId Id { get; init; }

    /// <summary>1 to 255 characters, not necessarily unique.</summary>
    [Id(1)] public required string Name { get; init; }

    /// <summary>When it was created.</summary>
    [Id(2)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    [Id(3)] public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>What people may see of the current API key.</summary>
    [Id(4)] public required string ApiKeyDisplayPrefix { get; init; }

    /// <summary>Replaced API keys that still work.</summary>
    [Id(5)] public required IReadOnlyList<RetiringSecret> RetiringApiKeys { get; init; }

    /// <summary>Names the current API key.</summary>
    [Id(6)] public required SecretId ApiKeyId { get; init; }

    /// <summary>When the current API key last authenticated a call; null when it did not.</summary>
    [Id(7)] public DateTimeOffset? ApiKeyLastUsedAt { get; init; }
}
