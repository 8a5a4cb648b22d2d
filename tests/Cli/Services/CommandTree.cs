using System.CommandLine;
using Spectre.Console.Testing;

namespace KeysCluster.Cli.Tests.Services;

/// <summary>The commands of <c>keys</c>.</summary>
internal static class CommandTree
{
    /// <summary>Returns the root command, for tests that look at options and descriptions.</summary>
    public static RootCommand CreateRoot()
    {
        using var cli = new CommandLine();
        using var console = new TestConsole();
        return KeysCommandLine.Create(cli.Create(console, console));
    }

    /// <summary>Returns each command that does something, with its full name, such as <c>projects create</c>.</summary>
    public static IEnumerable<(string Name, Command Command)> GetLeaves() => GetAll(CreateRoot(), "")
        .Where(entry => entry.Command.Subcommands.Count == 0);

    /// <summary>Returns each command under a command with its full name.</summary>
    public static IEnumerable<(string Name, Command Command)> GetAll(Command parent, string prefix) =>
        parent.Subcommands.SelectMany(command => GetAll(command, $"{prefix}{command.Name} ")
            .Prepend((prefix + command.Name, command)));
}
