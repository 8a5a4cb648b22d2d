using System.CommandLine;
using KeysCluster.Cli.Errors;
using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Output;
using KeysCluster.Cli.Parsing;
using KeysCluster.Client;
using Spectre.Console;

namespace KeysCluster.Cli.Commands.Keys;

/// <summary><c>keys verify</c>: validates a secret.</summary>
internal static class VerifyCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var file = new Option<FileInfo?>("--secret-file")
        {
            Description = "A file with the secret; without it, it is asked for, or read from the standard input.",
            HelpName = "file",
        };
        var permissions = CommonOptions.Many("--permission", "Require this permission; may be repeated.", "permission");
        var address = new Option<string?>("--ip") { Description = "The address of the caller.", HelpName = "address" };
        return new Command("verify", $"Validate a secret. Exit code {ExitCodes.SecretRefused} if it is refused.")
        {
            file, permissions, address,
        }.WithAction(environment, async (run, cancellationToken) =>
        {
            var secret = new VerifySecret
            {
                Secret = await ReadSecretAsync(run, file, cancellationToken),
                Permissions = run.Get(permissions),
                IpAddress = run.Get(address),
            };
            var verdict = await run.CallAsync(
                "Validating…", client => client.VirtualKeys.VerifyAsync(secret, cancellationToken));
            if (!verdict.Valid) run.ExitCode = ExitCodes.SecretRefused;
            run.Results.Write(verdict, FormatCode(verdict), console => Write(console, verdict, run.Now));
        });
    }

    private static void Write(IAnsiConsole console, Verdict verdict, DateTimeOffset now)
    {
        var color = verdict switch { { Valid: false } => "red", { ValidUntil: not null } => "yellow", _ => "green" };
        console.MarkupLine($"[{color}]{FormatCode(verdict)}[/]");
        console.Write(Tables.CreateFields(
            ("Key", $"{verdict.VirtualKey?.Name.ToMarkup()} {verdict.VirtualKeyId}".Trim()),
            ("Secret", verdict.SecretId),
            ("Until", verdict.ValidUntil is { } time ? $"{time:u} ({RelativeTime.Format(time, now)})" : null),
            ("Missing", string.Join(", ", verdict.MissingPermissions).ToMarkup())));
    }

    private static string FormatCode(Verdict verdict) =>
        System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(verdict.Code.ToString());

    private static async Task<string> ReadSecretAsync(
        CommandRun run, Option<FileInfo?> file, CancellationToken cancellationToken)
    {
        if (run.Get(file) is { } given) return CommandRun.ReadKeyFile(given);
        if (run.Environment.IsInputTerminal)
        {
            return await run.Environment.Error.PromptAsync(
                new TextPrompt<string>("Secret:").Secret(), cancellationToken);
        }

        return (await run.Environment.Input.ReadLineAsync(cancellationToken))?.Trim() is { Length: > 0 } line
            ? line
            : throw new CliException("No secret. Pass --secret-file, or the secret on the standard input.");
    }
}
