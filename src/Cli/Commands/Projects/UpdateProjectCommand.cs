using System.CommandLine;
using KeysCluster.Cli.Errors;
using KeysCluster.Cli.Invocation;
using KeysCluster.Client;

namespace KeysCluster.Cli.Commands.Projects;

/// <summary><c>keys projects update</c>: changes a project.</summary>
internal static class UpdateProjectCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var id = ProjectView.IdArgument();
        var name = new Option<string?>("--name") { Description = "The name." };
        var maxKeys = new Option<int?>("--max-virtual-keys") { Description = "How many virtual keys it may have." };
        return new Command("update", "Rename a project, or set its quota.") { id, name, maxKeys }
            .WithAction(environment, async (run, cancellationToken) =>
            {
                var update = new UpdateProject
                {
                    Name = run.Has(name) ? run.Get(name)! : default(Optional<string>),
                    MaxVirtualKeys = run.Has(maxKeys) ? new(run.Get(maxKeys)) : default,
                };
                if (update == new UpdateProject()) throw new CliException("Nothing to change was given.");
                run.WriteProject(await run.CallAsync(
                    "Changing…", client => client.Projects.UpdateAsync(run.Get(id)!, update, cancellationToken)));
            });
    }
}
