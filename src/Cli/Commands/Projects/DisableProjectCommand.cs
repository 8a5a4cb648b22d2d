using System.CommandLine;
using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Parsing;

namespace KeysCluster.Cli.Commands.Projects;

/// <summary><c>keys projects disable</c>: refuses the keys of a project until it is enabled.</summary>
internal static class DisableProjectCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var id = ProjectView.IdArgument();
        var reason = new Option<string?>("--reason") { Description = "Why.", HelpName = "text" };
        var yes = CommonOptions.Yes();
        return new Command("disable", "Refuse every key of a project until it is enabled.") { id, reason, yes }
            .WithAction(environment, async (run, cancellationToken) =>
            {
                await run.ConfirmAsync($"Refuse every key of {run.Get(id)}?", yes, cancellationToken);
                run.WriteProject(await run.CallAsync(
                    "Disabling…",
                    client => client.Projects.DisableAsync(run.Get(id)!, run.Get(reason), cancellationToken)));
            });
    }
}
