using KeysCluster.Projects;

namespace KeysCluster.Api.Projects;

/// <summary>A project, and the members that LangWatch's clients read.</summary>
internal record ProjectResponse : LangWatchProject
{
    protected ProjectResponse(Project project) : base(project) => Project = ProjectResource.From(project);

    public ProjectResource Project { get; }

    public static ProjectResponse From(Project project) => new(project);
}
