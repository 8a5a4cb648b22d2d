using System.CommandLine;
using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Parsing;

namespace KeysCluster.Cli.Commands.Keys;

/// <summary><c>keys disable</c>: refuses a virtual key until it is enabled.</summary>
internal static class DisableCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var id = CommonOptions.KeyId();
        var reason = new Option<string?>("--reason") { Description = "Why.", HelpName = "text" };
        var yes = CommonOptions.Yes();
        return new Command("disable", "Refuse every secret of a virtual key until it is enabled.") { id, reason, yes }
            .WithAction(environment, async (run, cancellationToken) =>
            {
                await run.ConfirmAsync($"Disable {run.Get(id)}?", yes, cancellationToken);
                run.WriteKey(await run.CallAsync(
                    "Disabling…",
                    client => client.VirtualKeys.DisableAsync(run.Get(id)!, run.Get(reason), cancellationToken)));
            });
    }
}
