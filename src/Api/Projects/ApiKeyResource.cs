using KeysCluster.Api.Secrets;
using KeysCluster.Projects;

namespace KeysCluster.Api.Projects;

/// <summary>An API key of a project.</summary>
internal sealed record ApiKeyResource
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>What the API key may do.</summary>
    public required IReadOnlyList<string> Permissions { get; init; }

    /// <summary>From this time on the API key is invalid; null if it does not expire.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The last request that any of its secrets authenticated; can be two minutes behind.</summary>
    public required DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>The id of the current secret.</summary>
    public required string SecretId { get; init; }

    /// <summary>The first characters of the current secret, enough to distinguish secrets.</summary>
    public required string DisplayPrefix { get; init; }

    /// <summary>Replaced secrets that are still valid, latest deadline first.</summary>
    public required IReadOnlyList<RetiringSecretResource> RetiringSecrets { get; init; }

    public static ApiKeyResource From(ApiKey key) => new()
    {
        Id = key.Id.ToString(),
        Name = key.Name,
        Permissions = key.Permissions,
        ExpiresAt = key.ExpiresAt,
        CreatedAt = key.CreatedAt,
        LastUsedAt = key.LastUsedAt,
        SecretId = key.SecretId.ToString(),
        DisplayPrefix = key.DisplayPrefix,
        RetiringSecrets = [.. key.RetiringSecrets.Select(RetiringSecretResource.From)],
    };
}
