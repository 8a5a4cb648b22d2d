using System.Diagnostics;
using System.Text.Json;

namespace KeysCluster.Benchmarks.Floods;

/// <summary>
/// Runs the rounds of a flood in this process, as <see cref="FloodProcess"/> requests on standard input.
/// </summary>
internal static class FloodGenerator
{
    /// <summary>The environment variable with the flood, as JSON. It contains an API key.</summary>
    public const string SettingsKey = "BENCHMARK_FLOOD";

    public const string StartedLine = "started";

    /// <summary>The settings of this process; null in every other process.</summary>
    public static FloodSettings? Settings => Environment.GetEnvironmentVariable(SettingsKey) is { } json
        ? JsonSerializer.Deserialize<FloodSettings>(json)
        : null;

    /// <summary>A line starts a round, and the next line stops it.</summary>
    public static async Task RunAsync(FloodSettings settings)
    {
        var flood = FloodKind.All.Single(kind => kind.Name == settings.Flood).Create(settings.Target);

        // Console.In would block, so that a failed round would not end the process.
        using var input = new StreamReader(Console.OpenStandardInput());
        while (await input.ReadLineAsync() is not null)
        {
            using var stop = new CancellationTokenSource();
            var round = Task.Factory.StartNew(
                () => RunRound(flood, stop.Token),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
            var stopped = input.ReadLineAsync();
            await await Task.WhenAny(round, stopped);
            await stopped;
            await stop.CancelAsync();
            await round;
        }
    }

    private static void RunRound(IFlood flood, CancellationToken stop)
    {
        var (start, processor) = (0L, TimeSpan.Zero);
        var result = flood.Run(
            () =>
            {
                (start, processor) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
                Console.WriteLine(StartedLine);
            },
            stop);
        Console.WriteLine(JsonSerializer.Serialize(result with
        {
            Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
            ProcessorSeconds = (Environment.CpuUsage.TotalTime - processor).TotalSeconds,
        }));
    }
}
