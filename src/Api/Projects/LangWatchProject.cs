using System.Text.Json.Serialization;
using KeysCluster.Projects;

namespace KeysCluster.Api.Projects;

/// <summary>The members of a project that LangWatch's clients read, in addition to those of this service.</summary>
internal abstract record LangWatchProject
{
    protected LangWatchProject(Project project)
    {
        Id = project.Id.ToString();
        Name = project.Name;
        Slug = project.Slug;
        Language = project.Language;
        Framework = project.Framework;
        TeamId = project.TeamId;
        CreatedAtInCamelCase = project.CreatedAt;
        UpdatedAtInCamelCase = project.UpdatedAt;
        ArchivedAtInCamelCase = project.ArchivedAt;
    }

    public string Id { get; }

    public string Name { get; }

    /// <summary>The name at creation in lower case, and six characters of the id. It never changes.</summary>
    public string Slug { get; }

    /// <summary>What a client of LangWatch has set. This service does not interpret it.</summary>
    public string? Language { get; }

    /// <summary>What a client of LangWatch has set. This service does not interpret it.</summary>
    public string? Framework { get; }

    /// <summary>The id of a team that a client of LangWatch has set.</summary>
    [JsonPropertyName("teamId")]
    public string? TeamId { get; }

    /// <summary>Always null: this service stores no content that has such data.</summary>
    [JsonPropertyName("piiRedactionLevel")]
    public string? PiiRedactionLevel { get; }

    [JsonPropertyName("createdAt")]
    public DateTimeOffset CreatedAtInCamelCase { get; }

    [JsonPropertyName("updatedAt")]
    public DateTimeOffset UpdatedAtInCamelCase { get; }

    [JsonPropertyName("archivedAt")]
    public DateTimeOffset? ArchivedAtInCamelCase { get; }
}
