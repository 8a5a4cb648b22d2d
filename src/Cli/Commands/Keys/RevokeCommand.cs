using System.CommandLine;
using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Parsing;

namespace KeysCluster.Cli.Commands.Keys;

/// <summary><c>keys revoke</c>: revokes a virtual key, permanently.</summary>
internal static class RevokeCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var id = CommonOptions.KeyId();
        var yes = CommonOptions.Yes();
        return new Command("revoke", "Revoke a virtual key and all its secrets. This is final.") { id, yes }
            .WithAction(environment, async (run, cancellationToken) =>
            {
                await run.ConfirmAsync($"Revoke {run.Get(id)}? This is final.", yes, cancellationToken);
                run.UnknownOutcomeHint = "The key may be revoked, or still be accepted. Repeat the command.";
                run.WriteKey(await run.CallAsync(
                    "Revoking…", client => client.VirtualKeys.RevokeAsync(run.Get(id)!, cancellationToken)));
            });
    }
}
