using System.CommandLine;

namespace KeysCluster.Cli.Invocation;

internal static class CommandExtensions
{
    /// <summary>Sets what a command does. Its failures become a message and an exit code.</summary>
    public static Command WithAction(
        this Command command, CliEnvironment environment, Func<CommandRun, CancellationToken, Task> executeAsync)
    {
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var run = new CommandRun(environment, parsed);
            try
            {
                await executeAsync(run, cancellationToken);
                return run.ExitCode;
            }
            catch (Exception exception)
            {
                return FailureReport.Write(environment.Error, exception, run, cancellationToken);
            }
        });
        return command;
    }
}
