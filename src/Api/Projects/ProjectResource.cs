using KeysCluster.Api.RetiringSecrets;
using KeysCluster.Projects;

namespace KeysCluster.Api.Projects;

/// <summary>A project.</summary>
internal sealed record ProjectResource
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The id of the current API key.</summary>
    public required string ApiKeyId { get; init; }

    /// <summary>The first characters of the current API key, enough to distinguish API keys.</summary>
    public required string ApiKeyDisplayPrefix { get; init; }

    /// <summary>The last request that the current API key authenticated; can be two minutes behind.</summary>
    public required DateTimeOffset? ApiKeyLastUsedAt { get; init; }

    /// <summary>Replaced API keys that are still valid, latest deadline first.</summary>
    public required IReadOnlyList<RetiringSecretResource> RetiringApiKeys { get; init; }

    public static ProjectResource From(Project project) => new()
    {
        Id = project.Id.ToString(),
        Name = project.Name,
        CreatedAt = project.CreatedAt,
        UpdatedAt = project.UpdatedAt,
        ApiKeyId = project.ApiKeyId.ToString(),
        ApiKeyDisplayPrefix = project.ApiKeyDisplayPrefix,
        ApiKeyLastUsedAt = project.ApiKeyLastUsedAt,
        RetiringApiKeys = [.. project.RetiringApiKeys.Select(RetiringSecretResource.From)],
    };
}
