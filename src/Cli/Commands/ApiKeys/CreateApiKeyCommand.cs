using System.CommandLine;
using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Parsing;
using KeysCluster.Cli.Secrets;
using KeysCluster.Client;

namespace KeysCluster.Cli.Commands.ApiKeys;

/// <summary><c>keys api-keys create</c>: creates an API key.</summary>
internal static class CreateApiKeyCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var project = ApiKeyOptions.Project();
        var name = new Argument<string>("name") { Description = "The name." };
        var permissions = ApiKeyOptions.Permissions();
        permissions.Required = true;
        var expires = CommonOptions.Time("--expires", "When it expires", environment.Time);
        var idempotencyKey = CommonOptions.IdempotencyKey();
        var secret = new SecretOption();
        var command = new Command("create", "Create an API key, and show its secret once.")
        {
            name, permissions, expires, project, idempotencyKey,
        };
        secret.AddTo(command);
        return command.WithAction(environment, async (run, cancellationToken) =>
        {
            var key = new CreateApiKey
            {
                Name = run.Get(name)!,
                Permissions = run.GetPermissions(permissions),
                ExpiresAt = run.Get(expires),
            };
            using var destination = secret.Open(run);
            var projectId = await run.FindProjectAsync(project, cancellationToken);
            var issued = await run.IssueAsync("Creating…", idempotencyKey, (client, repeatKey) =>
                client.ApiKeys.CreateAsync(projectId, key, repeatKey, cancellationToken));
            await destination.WriteAsync(
                issued.ApiKey,
                issued.ApiKey.Id,
                issued.Secret,
                issued.IsReplay,
                console => ApiKeyView.Write(console, issued.ApiKey, run.Now));
        });
    }
}
