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

    /// <summary>Runs a program and returns its standard output.</summary>
    /// <exception cref="InvalidOperationException">The exit code is not 0; the message contains the output.</exception>
    public static async Task<string> RunAsync(string program, string workingFolder, params string[] arguments)
    {
        var result = await Cli.Wrap(program)
            .WithArguments(arguments)
            .WithWorkingDirectory(workingFolder)
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();
        return result.IsSuccess
            ? result.StandardOutput
            : throw new InvalidOperationException(
                $"{program} {string.Join(' ', arguments)} exited with {result.ExitCode}: "
                + $"{result.StandardError}{result.StandardOutput}");
    }
}
