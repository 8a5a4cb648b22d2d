using System.CommandLine;
using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Parsing;

namespace KeysCluster.Cli.Commands.Projects;

/// <summary><c>keys projects archive</c>: archives a project.</summary>
internal static class ArchiveProjectCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var id = ProjectView.IdArgument();
        var yes = CommonOptions.Yes();
        return new Command("archive", "Archive a project: its keys are refused permanently.") { id, yes }
            .WithAction(environment, async (run, cancellationToken) =>
            {
                await run.ConfirmAsync($"Archive {run.Get(id)}? Its keys never work again.", yes, cancellationToken);
                run.WriteProject(await run.CallAsync(
                    "Archiving…", client => client.Projects.ArchiveAsync(run.Get(id)!, cancellationToken)));
            });
    }
}
