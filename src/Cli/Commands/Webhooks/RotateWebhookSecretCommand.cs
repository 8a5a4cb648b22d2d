using System.CommandLine;
using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Parsing;
using KeysCluster.Cli.Secrets;

namespace KeysCluster.Cli.Commands.Webhooks;

/// <summary><c>keys webhooks rotate</c>: creates a new signing secret.</summary>
internal static class RotateWebhookSecretCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var id = WebhookOptions.Id();
        var grace = CommonOptions.GracePeriod();
        var idempotencyKey = CommonOptions.IdempotencyKey();
        var yes = CommonOptions.Yes();
        var secret = new SecretOption();
        var command = new Command("rotate", "Create a new signing secret. Both sign until the end of the grace period.")
        {
            id, grace, idempotencyKey, yes,
        };
        secret.AddTo(command);
        return command.WithAction(environment, async (run, cancellationToken) =>
        {
            if (run.Get(grace) == TimeSpan.Zero)
                await run.ConfirmAsync("Sign with the new secret only from now on?", yes, cancellationToken);
            using var destination = secret.Open(run);
            var issued = await run.IssueAsync("Rotating…", idempotencyKey, (client, repeatKey) =>
                client.Webhooks.RotateSecretAsync(run.Get(id)!, run.Get(grace), repeatKey, cancellationToken));
            await destination.WriteAsync(
                issued.Webhook,
                issued.Webhook.Id,
                issued.Secret,
                issued.IsReplay,
                console => WebhookView.Write(console, issued.Webhook, run.Now));
        });
    }
}
