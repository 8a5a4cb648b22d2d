using System.CommandLine;
using KeysCluster.Cli.Errors;
using KeysCluster.Cli.Invocation;
using KeysCluster.Client;

namespace KeysCluster.Cli.Commands.Webhooks;

/// <summary><c>keys webhooks test</c>: sends a test to a webhook.</summary>
internal static class TestWebhookCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var id = WebhookOptions.Id();
        return new Command("test", "Send a test, and show how the endpoint answers.") { id }
            .WithAction(environment, async (run, cancellationToken) =>
            {
                var delivery = await run.CallAsync(
                    "Sending…", client => client.Webhooks.TestAsync(run.Get(id)!, cancellationToken));
                if (delivery.Status != WebhookDeliveryStatus.Delivered) run.ExitCode = ExitCodes.Failure;
                run.Results.Write(
                    delivery, delivery.Id, console => WebhookView.WriteDelivery(console, delivery, run.Now));
            });
    }
}
