using System.CommandLine;
using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Parsing;

namespace KeysCluster.Cli.Commands.Keys;

/// <summary><c>keys show</c>: shows a virtual key and its secrets.</summary>
internal static class ShowCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var id = CommonOptions.KeyId();
        return new Command("show", "Show a virtual key, and which of its secrets are still used.") { id }
            .WithAction(environment, async (run, cancellationToken) => run.WriteKey(await run.CallAsync(
                "Reading…", client => client.VirtualKeys.GetAsync(run.Get(id)!, cancellationToken))));
    }
}
