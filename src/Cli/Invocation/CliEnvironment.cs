using KeysCluster.Cli.Profiles;
using Spectre.Console;
using TextCopy;

namespace KeysCluster.Cli.Invocation;

/// <summary>What a command sees of its process and terminal. Tests replace it.</summary>
internal sealed class CliEnvironment
{
    private const int RedirectedWidth = 250;

    public required IAnsiConsole Output { get; init; }

    /// <summary>For errors, questions and progress.</summary>
    public required IAnsiConsole Error { get; init; }

    public required TextReader Input { get; init; }

    /// <summary>Whether a person can type.</summary>
    public required bool IsInputTerminal { get; init; }

    /// <summary>Whether a person, not a file or another program, reads the output.</summary>
    public required bool IsOutputTerminal { get; init; }

    public required Func<string, string?> GetVariable { get; init; }

    public required ProfileStore Profiles { get; init; }

    public required IClipboard Clipboard { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public static CliEnvironment FromProcess() => new()
    {
        Output = CreateConsole(Console.Out, Console.IsOutputRedirected),
        Error = CreateConsole(Console.Error, Console.IsErrorRedirected),
        Input = Console.In,
        IsInputTerminal = !Console.IsInputRedirected && !Console.IsErrorRedirected,
        IsOutputTerminal = !Console.IsOutputRedirected,
        GetVariable = Environment.GetEnvironmentVariable,
        Profiles = new ProfileStore(ProfileStore.GetDefaultPath(Environment.GetEnvironmentVariable)),
        Clipboard = new Clipboard(),
    };

    private static IAnsiConsole CreateConsole(TextWriter writer, bool isRedirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });

        // A file has no width. Lines that are broken are hard to search.
        if (isRedirected) console.Profile.Width = RedirectedWidth;
        return console;
    }
}
