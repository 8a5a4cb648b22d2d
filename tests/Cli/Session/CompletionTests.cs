using KeysCluster.Cli.Errors;
using KeysCluster.Cli.Tests.Services;

namespace KeysCluster.Cli.Tests.Session;

public sealed class CompletionTests
{
    [Theory]
    [InlineData("bash", "complete -F _keys_complete keys")]
    [InlineData("zsh", "compdef _keys keys")]
    [InlineData("fish", "complete -f -c keys")]
    [InlineData("pwsh", "Register-ArgumentCompleter -Native -CommandName keys")]
    public async Task Each_script_registers_itself_and_asks_the_program(string shell, string registration)
    {
        using var cli = new CommandLine();

        var script = await cli.ReadAsync("completion", shell);

        Assert.Contains(registration, script, StringComparison.Ordinal);
        Assert.Contains("[suggest:", script, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_shell_is_refused()
    {
        using var cli = new CommandLine();

        (await cli.RunAsync("completion", "csh")).Expect(ExitCodes.Usage);
    }

    [Theory]
    [Trait("Speed", "slow")]
    [InlineData("keys rot", "rotate")]
    [InlineData("keys projects ar", "archive")]
    [InlineData("keys list --sta", "--status")]
    [InlineData("keys list --status dis", "disabled")]
    [InlineData("keys update --clear ext", "external-id")]
    public async Task Bash_completes_commands_options_and_values(string line, string expected)
    {
        var folder = Directory.CreateTempSubdirectory("keys-completion-");
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(folder.FullName, "keys"), $"#!/bin/sh\nexec dotnet '{KeysProcess.Path}' \"$@\"\n");
            var script = $"""
                chmod +x '{folder.FullName}/keys'
                PATH='{folder.FullName}':"$PATH"
                source <(keys completion bash)
                COMP_LINE='{line}'
                COMP_POINT={line.Length}
                COMP_WORDS=({line})
                COMP_CWORD=$(({line.Split(' ').Length} - 1))
                _keys_complete
                printf '%s\n' "$COMPREPLY"
                """;

            var output = await ProgramRunner.RunSuccessfullyAsync("bash", ["-c", script]);

            Assert.Equal(expected, output.Trim());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
