using System.CommandLine;
using KeysCluster.Cli.Invocation;

namespace KeysCluster.Cli.Commands.Projects;

/// <summary><c>keys projects show</c>: shows a project.</summary>
internal static class ShowProjectCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var id = ProjectView.IdArgument();
        return new Command("show", "Show a project.") { id }
            .WithAction(environment, async (run, cancellationToken) => run.WriteProject(await run.CallAsync(
                "Reading…", client => client.Projects.GetAsync(run.Get(id)!, cancellationToken))));
    }
}
