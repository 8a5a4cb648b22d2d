using System.CommandLine;
using KeysCluster.Cli.Invocation;

namespace KeysCluster.Cli.Commands.Projects;

/// <summary><c>keys projects</c>: projects.</summary>
internal static class ProjectsCommand
{
    public static Command Create(CliEnvironment environment) => new(
        "projects", "Manage projects. Most of it needs an admin key.")
    {
        ListProjectsCommand.Create(environment),
        ShowProjectCommand.Create(environment),
        CreateProjectCommand.Create(environment),
        UpdateProjectCommand.Create(environment),
        DisableProjectCommand.Create(environment),
        EnableProjectCommand.Create(environment),
        ArchiveProjectCommand.Create(environment),
        EraseProjectCommand.Create(environment),
    };
}
