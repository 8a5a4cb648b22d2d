using System.CommandLine;
using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Parsing;

namespace KeysCluster.Cli.Commands.ApiKeys;

/// <summary><c>keys api-keys delete</c>: deletes an API key.</summary>
internal static class DeleteApiKeyCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var project = ApiKeyOptions.Project();
        var id = ApiKeyOptions.Id();
        var yes = CommonOptions.Yes();
        return new Command("delete", "Delete an API key with all its secrets. This is final.") { id, project, yes }
            .WithAction(environment, async (run, cancellationToken) =>
            {
                await run.ConfirmAsync($"Delete {run.Get(id)}? This is final.", yes, cancellationToken);
                var projectId = await run.FindProjectAsync(project, cancellationToken);
                await run.CallAsync(
                    "Deleting…", client => client.ApiKeys.DeleteAsync(projectId, run.Get(id)!, cancellationToken));
                run.WriteDeleted(run.Get(id)!);
            });
    }
}
