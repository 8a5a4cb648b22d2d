using KeysCluster.TestKit;

namespace KeysCluster.Book.Tests;

/// <summary>The command line <c>keys</c> of this build.</summary>
internal static class CommandLine
{
    public static string Program { get; } =
        Path.Combine(Repository.Root, "src", "Cli", "bin", Repository.Configuration, "net10.0", "keys");

    /// <summary>Returns the names of the commands that the help of a command lists.</summary>
    /// <param name="parent">The command; null for the root.</param>
    public static async Task<IReadOnlyList<string>> ListCommandsAsync(string? parent = null)
    {
        string[] arguments = parent is null ? ["--help"] : [parent, "--help"];
        var help = await ProgramRunner.RunSuccessfullyAsync(Program, arguments);
        return
        [
            .. help.Split('\n')
                .SkipWhile(line => line.Trim() != "Commands:")
                .Skip(1)
                .TakeWhile(line => line.StartsWith("  ", StringComparison.Ordinal))
                .Where(line => line[2] != ' ')
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0]),
        ];
    }
}
