using System.CommandLine;
using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Parsing;

namespace KeysCluster.Cli.Commands.Projects;

/// <summary><c>keys projects erase</c>: erases an archived project.</summary>
internal static class EraseProjectCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var id = ProjectView.IdArgument();
        var yes = CommonOptions.Yes();
        return new Command("erase", "Erase the keys and events of an archived project, in the background.") { id, yes }
            .WithAction(environment, async (run, cancellationToken) =>
            {
                await run.ConfirmAsync($"Erase the keys and events of {run.Get(id)}?", yes, cancellationToken);
                run.WriteProject(await run.CallAsync(
                    "Requesting…", client => client.Projects.EraseAsync(run.Get(id)!, cancellationToken)));
            });
    }
}
