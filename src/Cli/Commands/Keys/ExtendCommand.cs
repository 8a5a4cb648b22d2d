using System.CommandLine;
using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Parsing;

namespace KeysCluster.Cli.Commands.Keys;

/// <summary><c>keys extend</c>: changes the deadline of a replaced secret.</summary>
internal static class ExtendCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var id = CommonOptions.KeyId();
        var secret = new Argument<string>("secret") { Description = "The id of the replaced secret (secret_…)." };
        var until = CommonOptions.Time("--until", "The new deadline, at most 30 days ahead", environment.Time);
        until.Required = true;
        return new Command("extend", "Change how long a replaced secret works.") { id, secret, until }
            .WithAction(environment, async (run, cancellationToken) => run.WriteKey(await run.CallAsync(
                "Changing…",
                client => client.VirtualKeys.ChangeDeadlineAsync(
                    run.Get(id)!, run.Get(secret)!, run.Get(until)!.Value, cancellationToken))));
    }
}
