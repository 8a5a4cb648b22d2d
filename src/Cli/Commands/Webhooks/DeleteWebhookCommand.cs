using System.CommandLine;
using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Parsing;

namespace KeysCluster.Cli.Commands.Webhooks;

/// <summary><c>keys webhooks delete</c>: deletes a webhook.</summary>
internal static class DeleteWebhookCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var id = WebhookOptions.Id();
        var yes = CommonOptions.Yes();
        return new Command("delete", "Delete a webhook with the log of its deliveries.") { id, yes }
            .WithAction(environment, async (run, cancellationToken) =>
            {
                await run.ConfirmAsync($"Delete {run.Get(id)} with its log?", yes, cancellationToken);
                await run.CallAsync(
                    "Deleting…", client => client.Webhooks.DeleteAsync(run.Get(id)!, cancellationToken));
                run.WriteDeleted(run.Get(id)!);
            });
    }
}
