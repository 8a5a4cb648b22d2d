using System.CommandLine;
using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Parsing;
using KeysCluster.Client;

namespace KeysCluster.Cli.Commands.Webhooks;

/// <summary><c>keys webhooks deliveries</c>: lists deliveries.</summary>
internal static class ListDeliveriesCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var id = WebhookOptions.Id();
        var status = CommonOptions.Value<WebhookDeliveryStatus>("--status", "Deliveries with this status.");
        var limit = new Option<int>("--limit")
        {
            Description = "How many to list, 1 to 200; 20 by default.",
            HelpName = "number",
            DefaultValueFactory = _ => 20,
        };
        return new Command("deliveries", "List deliveries, latest first, with what the endpoint answered.")
        {
            id, status, limit,
        }.WithAction(environment, async (run, cancellationToken) =>
        {
            var page = await run.CallAsync("Reading…", client => client.Webhooks.ListDeliveriesAsync(
                run.Get(id)!, run.Get(status), limit: run.Get(limit), cancellationToken: cancellationToken));
            run.Results.Write(
                page.Data,
                string.Join('\n', page.Data.Select(delivery => delivery.Id)),
                console => WebhookView.WriteDeliveries(console, page.Data, run.Now));
        });
    }
}
