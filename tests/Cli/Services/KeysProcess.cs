using System.Diagnostics;

namespace KeysCluster.Cli.Tests.Services;

/// <summary>The program as a process of its own.</summary>
internal static class KeysProcess
{
    /// <summary>The path of the program.</summary>
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "keys.dll");

    /// <summary>Starts the program with redirected output.</summary>
    public static Process Start(IReadOnlyDictionary<string, string> variables, params string[] arguments)
    {
        // A job in the background ignores SIGINT, and so would the processes that it starts.
        string[] command = OperatingSystem.IsLinux() ? ["env", "--default-signal=INT", "dotnet"] : ["dotnet"];
        var start = new ProcessStartInfo(command[0], [.. command[1..], Path, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in variables) start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
