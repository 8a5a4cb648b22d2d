using System.CommandLine;
using KeysCluster.Cli.Invocation;

namespace KeysCluster.Cli.Commands.Session;

/// <summary><c>keys whoami</c>: shows what the key is and may do.</summary>
internal static class WhoamiCommand
{
    public static Command Create(CliEnvironment environment) =>
        new Command("whoami", "Show what your key is and may do.")
            .WithAction(environment, async (run, cancellationToken) =>
            {
                var caller = await run.CallAsync("Asking…", client => client.GetCallerAsync(cancellationToken));
                run.Results.Write(
                    caller, caller.ProjectId ?? caller.Name, console => CallerView.Write(console, caller));
            });
}
