using System.CommandLine;
using System.CommandLine.Invocation;
using KeysCluster.Cli.Commands.ApiKeys;
using KeysCluster.Cli.Commands.Data;
using KeysCluster.Cli.Commands.Keys;
using KeysCluster.Cli.Commands.Projects;
using KeysCluster.Cli.Commands.Session;
using KeysCluster.Cli.Commands.Webhooks;
using KeysCluster.Cli.Errors;
using KeysCluster.Cli.Invocation;
using Spectre.Console;

namespace KeysCluster.Cli;

/// <summary>The commands of <c>keys</c>.</summary>
internal static class KeysCommandLine
{
    public static RootCommand Create(CliEnvironment environment)
    {
        var root = new RootCommand("Issues, rotates, verifies and revokes the virtual keys of KeysCluster.");
        foreach (var option in GlobalOptions.All) root.Add(option);
        Command[] commands =
        [
            LoginCommand.Create(environment),
            LogoutCommand.Create(environment),
            WhoamiCommand.Create(environment),
            CreateCommand.Create(environment),
            ImportCommand.Create(environment),
            ListCommand.Create(environment),
            ShowCommand.Create(environment),
            UpdateCommand.Create(environment),
            RotateCommand.Create(environment),
            ExpireCommand.Create(environment),
            ExtendCommand.Create(environment),
            DisableCommand.Create(environment),
            EnableCommand.Create(environment),
            RevokeCommand.Create(environment),
            VerifyCommand.Create(environment),
            EventsCommand.Create(environment),
            ApiKeysCommand.Create(environment),
            WebhooksCommand.Create(environment),
            ProjectsCommand.Create(environment),
            BackupCommand.Create(environment),
            RestoreCommand.Create(environment),
            MoveCommand.Create(environment),
            DoctorCommand.Create(environment),
            CompletionCommand.Create(environment),
        ];
        foreach (var command in commands) root.Add(command);
        return root;
    }

    /// <summary>Executes a command line, and returns its exit code.</summary>
    public static async Task<int> InvokeAsync(
        IReadOnlyList<string> args, CliEnvironment environment, CancellationToken cancellationToken = default)
    {
        var result = Create(environment).Parse(args);
        var configuration = new InvocationConfiguration
        {
            Output = environment.Output.Profile.Out.Writer,
            Error = environment.Error.Profile.Out.Writer,
            EnableDefaultExceptionHandler = false,
        };
        if (result.Action is ParseErrorAction error)
        {
            // The help is longer than a terminal, and hides the errors. A group of commands has nothing else to show.
            error.ShowHelp = result.UnmatchedTokens.Count == 0 && result.CommandResult.Command.Subcommands.Count > 0;
        }

        var exitCode = await result.InvokeAsync(configuration, cancellationToken);
        if (result.Errors.Count == 0) return exitCode;
        environment.Error.WriteLine($"Help: {GetName(result.CommandResult.Command)} --help");
        return ExitCodes.Usage;
    }

    /// <summary>Returns the name of a command with those of its parents.</summary>
    private static string GetName(Command command) => command.Parents.OfType<Command>().FirstOrDefault() is { } parent
        ? $"{GetName(parent)} {command.Name}"
        : "keys";
}
