using System.CommandLine;
using KeysCluster.Cli.Invocation;

namespace KeysCluster.Cli.Commands.Webhooks;

/// <summary><c>keys webhooks redeliver</c>: sends a delivery again.</summary>
internal static class RedeliverCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var id = WebhookOptions.Id();
        var delivery = new Argument<string>("delivery") { Description = "The id of the delivery (msg_…)." };
        return new Command("redeliver", "Send a delivery again, with the same id.") { id, delivery }
            .WithAction(environment, async (run, cancellationToken) =>
            {
                var queued = await run.CallAsync("Queueing…", client => client.Webhooks.RedeliverAsync(
                    run.Get(id)!, run.Get(delivery)!, cancellationToken));
                run.Results.Write(queued, queued.Id, console => WebhookView.WriteDelivery(console, queued, run.Now));
            });
    }
}
