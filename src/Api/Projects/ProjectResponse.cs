using KeysCluster.Projects;

namespace KeysCluster.Api.Projects;

/// <summary>One project.</summary>
internal sealed record ProjectResponse(ProjectResource Project)
{
    public static ProjectResponse From(Project project) => new(ProjectResource.From(project));
}

/// <summary>A project and its new API key, which only this response and its replays show.</summary>
internal sealed record ProjectWithApiKeyResponse(ProjectResource Project, string ApiKey);
