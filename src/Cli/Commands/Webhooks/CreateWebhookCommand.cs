using System.CommandLine;
using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Parsing;
using KeysCluster.Cli.Secrets;
using KeysCluster.Client;

namespace KeysCluster.Cli.Commands.Webhooks;

/// <summary><c>keys webhooks create</c>: creates a webhook.</summary>
internal static class CreateWebhookCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var url = new Argument<string>("url") { Description = "The https address of the endpoint." };
        var description = WebhookOptions.Description();
        var types = WebhookOptions.EventTypes();
        var idempotencyKey = CommonOptions.IdempotencyKey();
        var secret = new SecretOption();
        var command = new Command("create", "Create a webhook, and show its signing secret once.")
        {
            url, description, types, idempotencyKey,
        };
        secret.AddTo(command);
        return command.WithAction(environment, async (run, cancellationToken) =>
        {
            var webhook = new CreateWebhook
            {
                Url = run.Get(url)!,
                Description = run.Get(description),
                EventTypes = run.Has(types) ? run.Get(types) : null,
            };
            using var destination = secret.Open(run);
            var issued = await run.IssueAsync("Creating…", idempotencyKey, (client, repeatKey) =>
                client.Webhooks.CreateAsync(webhook, repeatKey, cancellationToken));
            await destination.WriteAsync(
                issued.Webhook,
                issued.Webhook.Id,
                issued.Secret,
                issued.IsReplay,
                console => WebhookView.Write(console, issued.Webhook, run.Now));
        });
    }
}
