using KeysCluster.Api.Secrets;
using KeysCluster.Projects;

namespace KeysCluster.Api.Projects;

/// <summary>A project.</summary>
internal sealed record ProjectResource : LangWatchProject
{
    private ProjectResource(Project project) : base(project)
    {
        Status = project.Status;
        CreatedAt = project.CreatedAt;
        UpdatedAt = project.UpdatedAt;
        DisabledAt = project.DisabledAt;
        DisabledReason = project.DisabledReason;
        ArchivedAt = project.ArchivedAt;
        ErasureRequestedAt = project.ErasureRequestedAt;
        ErasedAt = project.ErasedAt;
        MaxVirtualKeys = project.MaxVirtualKeys;
        ApiKeyId = project.ApiKeyId.ToString();
        ApiKeyDisplayPrefix = project.ApiKeyDisplayPrefix;
        ApiKeyLastUsedAt = project.ApiKeyLastUsedAt;
        RetiringApiKeys = [.. project.RetiringApiKeys.Select(RetiringSecretResource.From)];
    }

    public ProjectStatus Status { get; }

    public DateTimeOffset CreatedAt { get; }

    public DateTimeOffset UpdatedAt { get; }

    /// <summary>When the project was disabled; null while it is enabled.</summary>
    public DateTimeOffset? DisabledAt { get; }

    public string? DisabledReason { get; }

    /// <summary>When the project was archived; null while it is not.</summary>
    public DateTimeOffset? ArchivedAt { get; }

    /// <summary>When an administrator requested that the archived project is erased.</summary>
    public DateTimeOffset? ErasureRequestedAt { get; }

    /// <summary>When its virtual keys, API keys and events were erased.</summary>
    public DateTimeOffset? ErasedAt { get; }

    /// <summary>The maximum number of virtual keys that are not revoked.</summary>
    public int MaxVirtualKeys { get; }

    /// <summary>The id of the current secret of the API key with which the project was created.</summary>
    public string ApiKeyId { get; }

    /// <summary>The first characters of that secret.</summary>
    public string ApiKeyDisplayPrefix { get; }

    /// <summary>The last request that this secret authenticated; can be two minutes behind.</summary>
    public DateTimeOffset? ApiKeyLastUsedAt { get; }

    /// <summary>Replaced secrets of this API key that are still valid, latest deadline first.</summary>
    public IReadOnlyList<RetiringSecretResource> RetiringApiKeys { get; }

    public static ProjectResource From(Project project) => new(project);
}
