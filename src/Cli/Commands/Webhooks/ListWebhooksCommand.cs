using System.CommandLine;
using KeysCluster.Cli.Invocation;

namespace KeysCluster.Cli.Commands.Webhooks;

/// <summary><c>keys webhooks list</c>: lists webhooks.</summary>
internal static class ListWebhooksCommand
{
    public static Command Create(CliEnvironment environment)
    {
        return new Command("list", "List the webhooks of the project.")
            .WithAction(environment, async (run, cancellationToken) =>
            {
                var webhooks = await run.CallAsync("Reading…", client => client.Webhooks.ListAsync(cancellationToken));
                run.Results.Write(
                    webhooks,
                    string.Join('\n', webhooks.Select(webhook => webhook.Id)),
                    console => WebhookView.WriteList(console, webhooks));
            });
    }
}
