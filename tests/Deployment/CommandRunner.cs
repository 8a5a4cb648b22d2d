using CliWrap;
using CliWrap.Buffered;
using KeysCluster.TestKit;

namespace KeysCluster.Deployment.Tests;

/// <summary>Runs a program, by default in the root of the repository.</summary>
internal static class CommandRunner
{
    /// <summary>Runs a program and returns its exit code and all of its output.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? folder = null)
    {
        var result = await Cli.Wrap(program)
            .WithArguments(arguments)
            .WithWorkingDirectory(folder ?? Repository.Root)
            .WithEnvironmentVariables(environment ?? new Dictionary<string, string?>())
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();
        return (result.ExitCode, result.StandardOutput + result.StandardError);
    }

    /// <summary>Runs a program, expects success and returns its output.</summary>
    public static async Task<string> RunSuccessfullyAsync(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? folder = null)
    {
        var (exitCode, output) = await RunAsync(program, arguments, environment, folder);
        Assert.True(exitCode == 0, $"{program} exited with {exitCode}:\n{output}");
        return output;
    }
}
