using KeysCluster.Projects;

namespace KeysCluster.Api.Projects;

/// <summary>A project on the wire.</summary>
internal sealed record ProjectBody
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Names the current API key.</summary>
    public required string ApiKeyId { get; init; }

    /// <summary>The first characters of the current API key, enough to tell API keys apart.</summary>
    public required string ApiKeyDisplayPrefix { get; init; }

    /// <summary>When the current API key last authenticated a call; may be two minutes behind.</summary>
    public required DateTimeOffset? ApiKeyLastUsedAt { get; init; }

    /// <summary>Replaced API keys that still work, latest deadline first.</summary>
    public required IReadOnlyList<RetiringSecretBody> RetiringApiKeys { get; init; }

    public static ProjectBody Of(Project project) => new()
    {
        Id = project.Id.ToString(),
        Name = project.Name,
        CreatedAt = project.CreatedAt,
        UpdatedAt = project.UpdatedAt,
        ApiKeyId = project.ApiKeyId.ToString(),
        ApiKeyDisplayPrefix = project.ApiKeyDisplayPrefix,
        ApiKeyLastUsedAt = project.ApiKeyLastUsedAt,
        RetiringApiKeys = [.. project.RetiringApiKeys.Select(RetiringSecretBody.Of)],
    };
}

/// <summary>The answer to a call about one project.</summary>
internal sealed record ProjectAnswer(ProjectBody Project);

/// <summary>The answer that hands a new API key to its owner, the only time that it is shown.</summary>
internal sealed record ProjectWithApiKeyAnswer(ProjectBody Project, string ApiKey);
