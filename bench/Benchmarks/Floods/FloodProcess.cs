using System.Diagnostics;
using System.Text.Json;

namespace KeysCluster.Benchmarks.Floods;

/// <summary>A flood that another process sends.</summary>
internal sealed class FloodProcess : IDisposable
{
    private readonly Process _process;

    private FloodProcess(Process process) => _process = process;

    public static FloodProcess Launch(FloodKind flood, FloodTarget target)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(FloodProcess).Assembly.Location])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment[FloodGenerator.SettingsKey] =
            JsonSerializer.Serialize(new FloodSettings(flood.Name, target));

        // The server collector would start threads for a heap per core.
        start.Environment["DOTNET_gcServer"] = "0";
        return new FloodProcess(Process.Start(start)!);
    }

    /// <summary>Starts a round, and returns when its connections are open.</summary>
    /// <returns>The result, which is available when the round has ended by itself or was stopped.</returns>
    public async Task<Task<FloodResult>> StartRoundAsync()
    {
        await _process.StandardInput.WriteLineAsync("start");
        var line = await ReadLineAsync();
        return line == FloodGenerator.StartedLine
            ? ReadResultAsync()
            : throw new InvalidOperationException($"The generator did not start a round: {line}");
    }

    public Task StopRoundAsync() => _process.StandardInput.WriteLineAsync("stop");

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }

    private async Task<FloodResult> ReadResultAsync() =>
        JsonSerializer.Deserialize<FloodResult>(await ReadLineAsync())!;

    private async Task<string> ReadLineAsync() => await _process.StandardOutput.ReadLineAsync()
        ?? throw new InvalidOperationException("The generator of the flood exited.");
}
