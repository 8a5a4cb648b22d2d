using System.CommandLine;
using KeysCluster.Cli.Invocation;

namespace KeysCluster.Cli.Commands.Webhooks;

/// <summary><c>keys webhooks</c>: webhooks of a project.</summary>
internal static class WebhooksCommand
{
    public static Command Create(CliEnvironment environment) => new("webhooks", "Manage the webhooks of a project.")
    {
        ListWebhooksCommand.Create(environment),
        ShowWebhookCommand.Create(environment),
        CreateWebhookCommand.Create(environment),
        UpdateWebhookCommand.Create(environment),
        RotateWebhookSecretCommand.Create(environment),
        TestWebhookCommand.Create(environment),
        ListDeliveriesCommand.Create(environment),
        RedeliverCommand.Create(environment),
        DeleteWebhookCommand.Create(environment),
    };
}
