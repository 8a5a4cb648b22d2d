using System.CommandLine;
using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Parsing;

namespace KeysCluster.Cli.Commands.Keys;

/// <summary><c>keys enable</c>: enables a virtual key again.</summary>
internal static class EnableCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var id = CommonOptions.KeyId();
        return new Command("enable", "Enable a virtual key again.") { id }
            .WithAction(environment, async (run, cancellationToken) => run.WriteKey(await run.CallAsync(
                "Enabling…", client => client.VirtualKeys.EnableAsync(run.Get(id)!, cancellationToken))));
    }
}
