using System.CommandLine;
using KeysCluster.Cli.Invocation;

namespace KeysCluster.Cli.Commands.Projects;

/// <summary><c>keys projects enable</c>: enables a project again.</summary>
internal static class EnableProjectCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var id = ProjectView.IdArgument();
        return new Command("enable", "Enable a project again.") { id }
            .WithAction(environment, async (run, cancellationToken) => run.WriteProject(await run.CallAsync(
                "Enabling…", client => client.Projects.EnableAsync(run.Get(id)!, cancellationToken))));
    }
}
