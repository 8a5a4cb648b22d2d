using System.CommandLine;
using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Parsing;
using KeysCluster.Cli.Secrets;

namespace KeysCluster.Cli.Commands.ApiKeys;

/// <summary><c>keys api-keys rotate</c>: creates a new secret for an API key.</summary>
internal static class RotateApiKeyCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var project = ApiKeyOptions.Project();
        var id = ApiKeyOptions.Id();
        var grace = CommonOptions.GracePeriod();
        var idempotencyKey = CommonOptions.IdempotencyKey();
        var yes = CommonOptions.Yes();
        var secret = new SecretOption();
        var command = new Command("rotate", "Create a new secret. The old one can then only read and verify.")
        {
            id, grace, project, idempotencyKey, yes,
        };
        secret.AddTo(command);
        return command.WithAction(environment, async (run, cancellationToken) =>
        {
            if (run.Get(grace) == TimeSpan.Zero)
                await run.ConfirmAsync("Refuse the current secret at once?", yes, cancellationToken);
            using var destination = secret.Open(run);
            var projectId = await run.FindProjectAsync(project, cancellationToken);
            var issued = await run.IssueAsync("Rotating…", idempotencyKey, (client, repeatKey) =>
                client.ApiKeys.RotateAsync(projectId, run.Get(id)!, run.Get(grace), repeatKey, cancellationToken));
            await destination.WriteAsync(
                issued.ApiKey,
                issued.ApiKey.Id,
                issued.Secret,
                issued.IsReplay,
                console => ApiKeyView.Write(console, issued.ApiKey, run.Now));
        });
    }
}
