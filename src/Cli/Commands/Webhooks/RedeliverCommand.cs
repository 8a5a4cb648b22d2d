using System.CommandLine;
using System.Globalization;
using KeysCluster.Cli.Errors;
using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Parsing;
using Spectre.Console;

namespace KeysCluster.Cli.Commands.Webhooks;

/// <summary><c>keys webhooks redeliver</c>: sends a delivery again.</summary>
internal static class RedeliverCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var id = WebhookOptions.Id();
        var delivery = new Argument<string?>("delivery")
        {
            Description = "The id of the delivery (msg_…).",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var since = CommonOptions.PastTime("--since", "Send every event from this time on instead", environment.Time);
        return new Command("redeliver", "Send a delivery again, with the same id, or all events since a time.")
        {
            id, delivery, since,
        }.WithAction(environment, async (run, cancellationToken) =>
        {
            if (run.Has(since) == run.Get(delivery) is not null)
                throw new CliException("Name a delivery, or pass --since.");
            if (run.Get(since) is { } time)
            {
                await RedeliverSinceAsync(run, run.Get(id)!, time, cancellationToken);
                return;
            }

            var queued = await run.CallAsync("Queueing…", client => client.Webhooks.RedeliverAsync(
                run.Get(id)!, run.Get(delivery)!, cancellationToken));
            run.Results.Write(queued, queued.Id, console => WebhookView.WriteDelivery(console, queued, run.Now));
        });
    }

    private static async Task RedeliverSinceAsync(
        CommandRun run, string id, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var first = await run.CallAsync(
            "Queueing…", client => client.Webhooks.RedeliverSinceAsync(id, since, cancellationToken));
        run.Results.Write(new { Since = first }, "", console => console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"The events since {first:u} are sent again.")));
    }
}
