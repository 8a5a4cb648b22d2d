using CliWrap;
using CliWrap.Buffered;
using KeysCluster.TestKit;

namespace KeysCluster.Deployment.Tests;

/// <summary>A program of the machine, run in the repository's root.</summary>
internal static class CommandRunner
{
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, string? folder = null)
    {
        var result = await Cli.Wrap(program)
            .WithArguments(arguments)
            .WithWorkingDirectory(folder ?? Repository.Root)
            .WithEnvironmentVariables(environment ?? new Dictionary<string, string?>())
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();
        return (result.ExitCode, result.StandardOutput + result.StandardError);
    }

    public static async Task RunSuccessfullyAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, string? folder = null)
    {
        var (exitCode, output) = await RunAsync(program, arguments, environment, folder);
        Assert.True(exitCode == 0, $"{program} ended with {exitCode}:\n{output}");
    }
}

/// <summary>The files under <c>deploy</c>.</summary>
internal static class DeployFiles
{
    public static string Folder => Path.Combine(Repository.Root, "deploy");

    public static string Dockerfile => GetPath("docker", "Dockerfile");

    public static string Compose => GetPath("compose.yaml");

    public static string Proxy => GetPath("haproxy", "haproxy.cfg");

    public static string GetPath(params string[] parts) => Path.Combine([Folder, .. parts]);

    public static string ReadText(string path) => File.ReadAllText(path);
}

/// <summary>A folder that is gone afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("keys-deploy-").FullName;

    /// <summary>A copy of a file with one text in it replaced; the text must be there.</summary>
    public string CreateBrokenCopy(string file, string text, string replacement)
    {
        var content = DeployFiles.ReadText(file);
        Assert.Contains(text, content, StringComparison.Ordinal);
        var copy = Path.Combine(Root, Path.GetFileName(file));
        File.WriteAllText(copy, content.Replace(text, replacement, StringComparison.Ordinal));
        return copy;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
