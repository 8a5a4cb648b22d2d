using System.CommandLine;
using KeysCluster.Cli.Invocation;

namespace KeysCluster.Cli.Commands.ApiKeys;

/// <summary><c>keys api-keys show</c>: shows an API key.</summary>
internal static class ShowApiKeyCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var project = ApiKeyOptions.Project();
        var id = ApiKeyOptions.Id();
        return new Command("show", "Show an API key.") { id, project }
            .WithAction(environment, async (run, cancellationToken) =>
            {
                var projectId = await run.FindProjectAsync(project, cancellationToken);
                run.WriteApiKey(await run.CallAsync(
                    "Reading…", client => client.ApiKeys.GetAsync(projectId, run.Get(id)!, cancellationToken)));
            });
    }
}
