using KeysCluster.Secrets;

namespace KeysCluster.Projects;

/// <summary>An API key of a project, without its secrets.</summary>
[GenerateSerializer, Immutable, Alias("KeysCluster.ApiKey")]
public sealed record ApiKey
{
    /// <summary>The id. It never changes.</summary>
    [Id(0)] public required ApiKeyId Id { get; init; }

    /// <summary>1 to 128 characters, not necessarily unique.</summary>
    [Id(1)] public required string Name { get; init; }

    /// <summary>What the API key may do, out of <see cref="ApiKeyPermissions.All"/>.</summary>
    [Id(2)] public required IReadOnlyList<string> Permissions { get; init; }

    /// <summary>The instant from which the API key is invalid; null for no expiry.</summary>
    [Id(3)] public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The time of creation.</summary>
    [Id(4)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>
    /// The time at which any secret of the API key last authenticated a request; null when none did. A crash may lose
    /// the last two minutes.
    /// </summary>
    [Id(5)] public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>The id of the current secret.</summary>
    [Id(6)] public required SecretId SecretId { get; init; }

    /// <summary>The part of the current secret that may be displayed.</summary>
    [Id(7)] public required string DisplayPrefix { get; init; }

    /// <summary>Replaced secrets that are still valid, latest deadline first.</summary>
    [Id(8)] public required IReadOnlyList<RetiringSecret> RetiringSecrets { get; init; }
}
