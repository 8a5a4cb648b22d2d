using System.Text.Json;

namespace KeysCluster.Cli.Tests.Services;

/// <summary>What a command line returned and wrote.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    public JsonElement Json => JsonElement.Parse(Output);

    /// <summary>Everything that was written.</summary>
    public string Text => Output + Error;

    /// <summary>Fails with the output if the exit code is another one.</summary>
    public CommandResult Expect(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"Exit code {ExitCode}, not {exitCode}:\n{Output}\n{Error}");
        return this;
    }
}
