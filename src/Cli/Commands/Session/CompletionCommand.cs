using System.CommandLine;
using KeysCluster.Cli.Invocation;

namespace KeysCluster.Cli.Commands.Session;

/// <summary><c>keys completion</c>: prints a script that lets a shell complete commands.</summary>
internal static class CompletionCommand
{
    /// <summary>Each script asks <c>keys</c> itself, so it need not be replaced with a new version.</summary>
    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = """
            _keys_complete() {
              local IFS=$'\n'
              local suggestions=$(keys "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)
              COMPREPLY=($(compgen -W "$suggestions" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -F _keys_complete keys
            """,
        ["zsh"] = """
            #compdef keys
            _keys() {
              local -a completions
              completions=("${(@f)$(keys "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
              compadd -- $completions
            }
            compdef _keys keys
            """,
        ["fish"] = """
            complete -f -c keys -a '(keys "[suggest:"(commandline -C)"]" (commandline) 2>/dev/null)'
            """,
        ["pwsh"] = """
            Register-ArgumentCompleter -Native -CommandName keys -ScriptBlock {
              param($wordToComplete, $commandAst, $cursorPosition)
              keys "[suggest:$cursorPosition]" "$commandAst" 2>$null |
                Where-Object { $_ -like "$wordToComplete*" } |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
            }
            """,
    };

    public static Command Create(CliEnvironment environment)
    {
        var shell = new Argument<string>("shell")
        {
            Description = "Your shell. For bash: source <(keys completion bash).",
        };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        var command = new Command("completion", "Print a script with which your shell completes commands.") { shell };
        return command.WithAction(environment, (run, _) =>
        {
            run.Environment.Output.Profile.Out.Writer.WriteLine(Scripts[run.Get(shell)!]);
            return Task.CompletedTask;
        });
    }
}
