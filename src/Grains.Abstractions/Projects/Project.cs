using KeysCluster.Secrets;

namespace KeysCluster.Projects;

/// <summary>A project: the tenant that owns virtual keys.</summary>
[GenerateSerializer, Immutable, Alias("KeysCluster.Project")]
public sealed record Project
{
    /// <summary>The id. It never changes.</summary>
    [Id(0)] public required ProjectId Id { get; init; }

    /// <summary>1 to 255 characters, not necessarily unique.</summary>
    [Id(1)] public required string Name { get; init; }

    /// <summary>The time of creation.</summary>
    [Id(2)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The time of the last change.</summary>
    [Id(3)] public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The part of the current API key that may be displayed.</summary>
    [Id(4)] public required string ApiKeyDisplayPrefix { get; init; }

    /// <summary>Replaced API keys that are still valid, latest deadline first.</summary>
    [Id(5)] public required IReadOnlyList<RetiringSecret> RetiringApiKeys { get; init; }

    /// <summary>The id of the current API key.</summary>
    [Id(6)] public required SecretId ApiKeyId { get; init; }

    /// <summary>The time at which the current API key last authenticated a request; null when it never did.</summary>
    [Id(7)] public DateTimeOffset? ApiKeyLastUsedAt { get; init; }
}
