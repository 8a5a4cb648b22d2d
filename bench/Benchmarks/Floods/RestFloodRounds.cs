using System.Diagnostics;

namespace KeysCluster.Benchmarks.Floods;

/// <summary>
/// Measures calls of <c>verify</c> with a cached secret by one client, without and with a flood from another address.
/// </summary>
internal static class RestFloodRounds
{
    public const int Count = 5;

    /// <summary>The duration of a round without a flood.</summary>
    private static readonly TimeSpan BaselineDuration = TimeSpan.FromSeconds(2);

    /// <summary>The .NET runtimes of silo, client and generator compile in tiers meanwhile.</summary>
    private static readonly TimeSpan WarmUpDuration = TimeSpan.FromSeconds(3);

    public static async Task<IReadOnlyList<RestFloodFigures>> RunAsync()
    {
        await using var silo = await FloodedSilo.StartAsync();
        await silo.Client.MeasureAsync(WarmUpDuration);
        List<RestFloodFigures> figures = [];
        foreach (var kind in FloodKind.All) figures.Add(await MeasureAsync(kind, silo));
        return figures;
    }

    private static async Task<RestFloodFigures> MeasureAsync(FloodKind kind, FloodedSilo silo)
    {
        using var flood = FloodProcess.Launch(kind, silo.Target);
        await MeasureRoundAsync(flood, silo, WarmUpDuration);
        List<FloodRound> rounds = [];
        for (var n = 1; n <= Count; n++)
        {
            var baseline = await silo.Client.MeasureAsync(BaselineDuration);
            var round = await MeasureRoundAsync(flood, silo, kind.RoundDuration) with { Baseline = baseline };
            Console.WriteLine(
                $"round {n}: {kind.Name}: {round.Flood.Requests / round.Flood.Seconds:F0}/s, p99 of verify "
                + $"{round.Calls.P99Microseconds:F0} µs, without {baseline.P99Microseconds:F0} µs");
            rounds.Add(round);
        }

        return RestFloodFigures.From(kind, rounds);
    }

    private static async Task<FloodRound> MeasureRoundAsync(FloodProcess flood, FloodedSilo silo, TimeSpan duration)
    {
        var result = await flood.StartRoundAsync();
        var (start, processor) = (Stopwatch.GetTimestamp(), silo.ProcessorTime);
        var calls = await silo.Client.MeasureAsync(duration, () => result.IsCompleted);
        var cores = (silo.ProcessorTime - processor) / Stopwatch.GetElapsedTime(start);
        await flood.StopRoundAsync();
        return new FloodRound(calls, await result, cores);
    }
}
