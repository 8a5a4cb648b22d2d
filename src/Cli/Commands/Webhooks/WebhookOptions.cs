using System.CommandLine;

namespace KeysCluster.Cli.Commands.Webhooks;

/// <summary>Options and arguments of the commands for webhooks.</summary>
internal static class WebhookOptions
{
    public static Argument<string> Id() => new("id") { Description = "The id of the webhook (webhook_…)." };

    public static Option<string?> Description() => new("--description") { Description = "A description." };

    public static Option<string[]> EventTypes() => new("--type")
    {
        Description = "A type of events to deliver, such as virtual_key.revoked; may be repeated. All without it.",
        HelpName = "type",
        Arity = ArgumentArity.ZeroOrMore,
    };
}
