using KeysCluster.Cli.Errors;
using KeysCluster.Cli.Invocation;
using KeysCluster.Cli.Profiles;
using Spectre.Console.Testing;

namespace KeysCluster.Cli.Tests.Services;

/// <summary>Runs commands in this process, as a script does, or a person at a terminal.</summary>
internal sealed class CommandLine : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("keys-cli-");

    /// <summary>The environment variables.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    public FakeClipboard Clipboard { get; } = new();

    /// <summary>Whether a person types. Without one, the input is redirected.</summary>
    public bool IsPersonTyping { get; set; }

    /// <summary>Whether a person reads the output. Without one, the output is redirected.</summary>
    public bool IsPersonReading { get; set; } = true;

    /// <summary>What a person types, or the lines of the redirected input.</summary>
    public List<string> Input { get; } = [];

    public int Width { get; set; } = 120;

    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>The file of the profiles.</summary>
    public string ProfilePath => Path.Combine(_folder.FullName, "config", "profiles.json");

    /// <summary>Returns the path of a file for this test.</summary>
    public string GetPath(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Runs a command.</summary>
    public Task<CommandResult> RunAsync(params string[] arguments) => RunAsync(CancellationToken.None, arguments);

    /// <summary>Runs a command until it ends, or a token cancels it as Ctrl-C does.</summary>
    public async Task<CommandResult> RunAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        using var output = new TestConsole().Width(Width);
        return await RunAsync(output, cancellationToken, arguments);
    }

    /// <summary>Runs a command on a console that the test reads meanwhile.</summary>
    public async Task<CommandResult> RunAsync(
        TestConsole output, CancellationToken cancellationToken, params string[] arguments)
    {
        using var error = new TestConsole().Width(Width);
        if (IsPersonTyping)
        {
            error.Interactive();
            foreach (var line in Input) error.Input.PushTextWithEnter(line);
        }

        var exitCode = await KeysCommandLine.InvokeAsync(arguments, Create(output, error), cancellationToken);
        return new CommandResult(exitCode, output.Output, error.Output);
    }

    /// <summary>Runs a command that must succeed, and returns its output without the end of the line.</summary>
    public async Task<string> ReadAsync(params string[] arguments) =>
        (await RunAsync(arguments)).Expect(ExitCodes.Success).Output.TrimEnd();

    /// <summary>Creates a virtual key, and returns its id and secret.</summary>
    public async Task<(string Id, string Secret)> CreateKeyAsync(string name = "checkout", params string[] options)
    {
        var result = await RunAsync(["create", name, "--json", .. options]);
        var json = result.Expect(ExitCodes.Success).Json;
        return (json.GetProperty("result").GetProperty("id").GetString()!, json.GetProperty("secret").GetString()!);
    }

    public CliEnvironment Create(TestConsole output, TestConsole error) => new()
    {
        Output = output,
        Error = error,
        Input = new StringReader(string.Join('\n', Input)),
        IsInputTerminal = IsPersonTyping,
        IsOutputTerminal = IsPersonReading,
        GetVariable = name => Variables.GetValueOrDefault(name),
        Profiles = new ProfileStore(ProfilePath),
        Clipboard = Clipboard,
        Time = Time,
    };

    public void Dispose() => _folder.Delete(recursive: true);
}
