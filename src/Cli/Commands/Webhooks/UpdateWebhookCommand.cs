using System.CommandLine;
using KeysCluster.Cli.Errors;
using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Parsing;
using KeysCluster.Client;

namespace KeysCluster.Cli.Commands.Webhooks;

/// <summary><c>keys webhooks update</c>: changes a webhook.</summary>
internal static class UpdateWebhookCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var id = WebhookOptions.Id();
        var url = new Option<string?>("--endpoint")
        {
            Description = "The https address of the endpoint.",
            HelpName = "url",
        };
        var description = WebhookOptions.Description();
        var types = WebhookOptions.EventTypes();
        var allTypes = new Option<bool>("--all-types") { Description = "Deliver every type of events." };
        var status = CommonOptions.Value<WebhookStatus>("--status", "Whether events are delivered.");
        return new Command("update", "Change a webhook, enable or disable it.")
        {
            id, url, description, types, allTypes, status,
        }.WithAction(environment, async (run, cancellationToken) =>
        {
            if (run.Has(types) && run.Get(allTypes))
                throw new CliException("--type and --all-types contradict each other.");
            var update = new UpdateWebhook
            {
                Url = run.Has(url) ? run.Get(url)! : default(Optional<string>),
                Description = run.Has(description) ? new(run.Get(description)) : default,
                EventTypes = run.Has(types) || run.Get(allTypes)
                    ? new(run.Get(allTypes) ? null : run.Get(types))
                    : default,
                Status = run.Get(status) is { } given ? given : default(Optional<WebhookStatus>),
            };
            if (update == new UpdateWebhook()) throw new CliException("Nothing to change was given.");
            run.WriteWebhook(await run.CallAsync(
                "Changing…", client => client.Webhooks.UpdateAsync(run.Get(id)!, update, cancellationToken)));
        });
    }
}
