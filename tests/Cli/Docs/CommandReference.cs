using System.CommandLine;
using System.Reflection;
using System.Text;
using KeysCluster.Cli.Errors;
using KeysCluster.Cli.Tests.Services;

namespace KeysCluster.Cli.Tests.Docs;

/// <summary>Writes the reference of the command line from the commands.</summary>
internal static class CommandReference
{
    private static readonly Dictionary<int, string> ExitCodeMeanings = new()
    {
        [ExitCodes.Success] = "The command succeeded.",
        [ExitCodes.Failure] = "An unexpected failure, a test that an endpoint refused, errors that `doctor` found, or "
            + "“no” to a question.",
        [ExitCodes.Usage] = "The command line is wrong, or something that it needs is missing.",
        [ExitCodes.Denied] = "Not signed in (401), or not permitted (403).",
        [ExitCodes.NotFound] = "What the command names does not exist (404).",
        [ExitCodes.Refused] = "The service refuses the request as it is (other statuses from 400 to 499).",
        [ExitCodes.Unavailable] = "The service cannot be reached, is overloaded, or cannot execute the request now. "
            + "Repeat the command.",
        [ExitCodes.SecretRefused] = "`verify`: the secret is refused.",
        [ExitCodes.Warnings] = "`doctor`: there are warnings, and no error.",
        [ExitCodes.PartlyFailed] = "`import`: some rows failed. The others are imported.",
        [ExitCodes.Interrupted] = "Interrupted, as by Ctrl-C.",
    };

    private static readonly Dictionary<string, string> Variables = new()
    {
        ["KEYS_URL"] = "The address of the service, if `--url` is absent.",
        ["KEYS_API_KEY"] = "An API key or admin key, if `--api-key-file` is absent.",
        ["KEYS_PROFILE"] = "The profile, if `--profile` is absent.",
        ["KEYS_CONFIG_HOME"] = "The folder of `profiles.json`; by default `keyscluster` in the folder of the user's "
            + "settings (`~/.config` on Linux).",
        ["NO_COLOR"] = "Any value: no colors.",
    };

    public static string Create()
    {
        var root = CommandTree.CreateRoot();
        var text = new StringBuilder("""
            # Command line

            <!-- Written by CommandReferenceTests from the commands. See the command there to update it. -->

            `keys` creates, rotates, verifies and revokes virtual keys from a terminal, and makes backups of an embedded
            service. [How to install it](../src/Cli/README.md). `keys <command> --help` shows what this page has.

            - **Output.** Tables for people; `--json` prints the members of the [API](api.md), which stay as they are,
              and `--quiet` ids only. Errors, questions and progress go to the standard error.
            - **Secrets** are shown once, to a terminal only. Elsewhere, pass `--secret-file` for a new file that only
              you can read, or `--copy` for the clipboard.
            - **Questions.** A command that ends the validity of something asks first. In a script, pass `--yes`.
            - **Retries.** Failures that may pass are retried. If the outcome stays unknown, the command prints the
              `--idempotency-key` with which it returns the same secret.
            - **Durations** are a number and a unit: `90s`, `30m`, `24h`, `7d`, `2w`.

            ## Exit codes

            | Code | Meaning |
            |---|---|

            """);
        foreach (var code in GetExitCodes()) text.Append($"| {code} | {ExitCodeMeanings[code]} |\n");
        text.Append("""

            ## Environment variables

            An option precedes its variable, and a variable precedes the profile.

            | Variable | Meaning |
            |---|---|

            """);
        foreach (var (name, meaning) in Variables) text.Append($"| `{name}` | {meaning} |\n");
        text.Append("\n## Options of every command\n\n");
        WriteTable(text, "Option", root.Options.Where(option => option.Recursive && option.Name != "--help"));
        text.Append("\n## Commands\n\n| Command | Effect |\n|---|---|\n");
        var commands = CommandTree.GetLeaves().ToList();
        foreach (var (name, command) in commands)
            text.Append($"| [`keys {name}`](#{GetAnchor(name)}) | {Escape(command.Description!)} |\n");
        foreach (var (name, command) in commands) WriteCommand(text, name, command);
        return text.ToString().ReplaceLineEndings("\n");
    }

    /// <summary>The values of the constants, so that none can be left out.</summary>
    private static IEnumerable<int> GetExitCodes() => typeof(ExitCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (int)field.GetRawConstantValue()!)
        .Order();

    private static void WriteCommand(StringBuilder text, string name, Command command)
    {
        var arguments = command.Arguments.Select(argument =>
            argument.Arity.MinimumNumberOfValues > 0 ? $"<{argument.Name}>" : $"[<{argument.Name}>]");
        text.Append($"\n### keys {name}\n\n{command.Description}\n\n```text\n");
        text.Append(string.Join(' ', ["keys", name, .. arguments, "[options]"])).Append("\n```\n");
        if (command.Arguments.Count > 0)
        {
            text.Append("\n| Argument | Meaning |\n|---|---|\n");
            foreach (var argument in command.Arguments)
                text.Append($"| `{argument.Name}` | {Escape(argument.Description!)} |\n");
        }

        if (command.Options.Count == 0) return;
        text.Append('\n');
        WriteTable(text, "Option", command.Options);
    }

    private static void WriteTable(StringBuilder text, string header, IEnumerable<Option> options)
    {
        text.Append($"| {header} | Meaning |\n|---|---|\n");
        foreach (var option in options)
        {
            var names = string.Join(", ", option.Aliases.Prepend(option.Name).Select(name => $"`{name}`"));
            var value = option.HelpName is { } help ? $" `<{help.Replace("|", "\\|", StringComparison.Ordinal)}>`" : "";
            var required = option.Required ? " Required." : "";
            text.Append($"| {names}{value} | {Escape(option.Description!)}{required} |\n");
        }
    }

    private static string GetAnchor(string name) => "keys-" + name.Replace(' ', '-');

    private static string Escape(string text) => text
        .Replace("|", "\\|", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal);
}
