using System.CommandLine;
using KeysCluster.Cli.Errors;
using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Parsing;
using KeysCluster.Client;

namespace KeysCluster.Cli.Commands.ApiKeys;

/// <summary><c>keys api-keys update</c>: changes an API key.</summary>
internal static class UpdateApiKeyCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var project = ApiKeyOptions.Project();
        var id = ApiKeyOptions.Id();
        var name = new Option<string?>("--name") { Description = "The name." };
        var permissions = ApiKeyOptions.Permissions();
        var expires = CommonOptions.Time("--expires", "When it expires", environment.Time);
        var neverExpires = new Option<bool>("--never-expires") { Description = "It does not expire." };
        return new Command("update", "Change an API key. Only what is given changes.")
        {
            id, name, permissions, expires, neverExpires, project,
        }.WithAction(environment, async (run, cancellationToken) =>
        {
            if (run.Has(expires) && run.Get(neverExpires))
                throw new CliException("--expires and --never-expires contradict each other.");
            var update = new UpdateApiKey
            {
                Name = run.Has(name) ? run.Get(name)! : default(Optional<string>),
                Permissions = run.Has(permissions) ? new(run.GetPermissions(permissions)) : default,
                ExpiresAt = run.Has(expires) || run.Get(neverExpires) ? new(run.Get(expires)) : default,
            };
            if (update == new UpdateApiKey()) throw new CliException("Nothing to change was given.");
            var projectId = await run.FindProjectAsync(project, cancellationToken);
            run.WriteApiKey(await run.CallAsync(
                "Changing…", client => client.ApiKeys.UpdateAsync(projectId, run.Get(id)!, update, cancellationToken)));
        });
    }
}
