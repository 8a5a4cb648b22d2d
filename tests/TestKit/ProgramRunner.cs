using CliWrap;
using CliWrap.Buffered;

namespace KeysCluster.TestKit;

/// <summary>Finds and runs programs of the machine.</summary>
public static class ProgramRunner
{
    /// <summary>Returns the path of an installed program.</summary>
    /// <param name="package">The Debian package to suggest when the program is not installed.</param>
    /// <param name="names">The names of the program, the preferred one first.</param>
    /// <exception cref="InvalidOperationException">No folder of <c>PATH</c> contains the program.</exception>
    public static string Find(string package, params string[] names)
    {
        var folders = SearchPath();
        var paths = names.SelectMany(name => folders.Select(folder => Path.Combine(folder, name)));
        return paths.FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException(
                $"'{names[0]}' is not installed. On Debian and Ubuntu: apt-get install {package}");
    }

    /// <summary>Returns the folders of <c>PATH</c>.</summary>
    public static IReadOnlyList<string> SearchPath() => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Runs a program and returns its exit code and all of its output.</summary>
    /// <param name="program">The name or path of the program.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="environment">Additional environment variables.</param>
    /// <param name="folder">The working folder, by default the root of the repository.</param>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? folder = null)
    {
        var result = await ExecuteAsync(program, arguments, environment, folder);
        return (result.ExitCode, result.StandardOutput + result.StandardError);
    }

    /// <summary>Runs a program and returns its standard output.</summary>
    /// <inheritdoc cref="RunAsync"/>
    /// <exception cref="InvalidOperationException">The exit code is not 0; the message contains the output.</exception>
    public static async Task<string> RunSuccessfullyAsync(
        string program,
        IReadOnlyCollection<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? folder = null)
    {
        var result = await ExecuteAsync(program, arguments, environment, folder);
        return result.IsSuccess
            ? result.StandardOutput
            : throw new InvalidOperationException(
                $"{program} {string.Join(' ', arguments)} exited with {result.ExitCode}: "
                + $"{result.StandardError}{result.StandardOutput}");
    }

    private static async Task<BufferedCommandResult> ExecuteAsync(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? environment,
        string? folder) =>
        await Cli.Wrap(program)
            .WithArguments(arguments)
            .WithWorkingDirectory(folder ?? Repository.Root)
            .WithEnvironmentVariables(environment ?? new Dictionary<string, string?>())
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();
}
