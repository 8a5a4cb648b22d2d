using System.CommandLine;
using KeysCluster.Cli.Invocation;

namespace KeysCluster.Cli.Commands.ApiKeys;

/// <summary><c>keys api-keys list</c>: lists API keys.</summary>
internal static class ListApiKeysCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var project = ApiKeyOptions.Project();
        return new Command("list", "List the API keys of a project.") { project }
            .WithAction(environment, async (run, cancellationToken) =>
            {
                var projectId = await run.FindProjectAsync(project, cancellationToken);
                var keys = await run.CallAsync(
                    "Reading…", client => client.ApiKeys.ListAsync(projectId, cancellationToken));
                run.Results.Write(
                    keys,
                    string.Join('\n', keys.Select(key => key.Id)),
                    console => ApiKeyView.WriteList(console, keys, run.Now));
            });
    }
}
