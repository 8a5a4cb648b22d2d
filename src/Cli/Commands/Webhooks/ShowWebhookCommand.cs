using System.CommandLine;
using KeysCluster.Cli.Invocation;

namespace KeysCluster.Cli.Commands.Webhooks;

/// <summary><c>keys webhooks show</c>: shows a webhook.</summary>
internal static class ShowWebhookCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var id = WebhookOptions.Id();
        return new Command("show", "Show a webhook.") { id }
            .WithAction(environment, async (run, cancellationToken) => run.WriteWebhook(await run.CallAsync(
                "Reading…", client => client.Webhooks.GetAsync(run.Get(id)!, cancellationToken))));
    }
}
