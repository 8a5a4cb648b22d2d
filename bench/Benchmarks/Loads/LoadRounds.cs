using KeysCluster.Benchmarks.Reporting;

namespace KeysCluster.Benchmarks.Loads;

/// <summary>Measures loads at several concurrencies, in rounds in which the loads alternate.</summary>
internal sealed class LoadRounds
{
    /// <summary>
    /// The duration of each load before the measured rounds. The .NET runtime compiles in tiers meanwhile.
    /// </summary>
    private static readonly TimeSpan WarmUpDuration = TimeSpan.FromSeconds(3);

    private readonly List<LoadMeasurement> _measurements = [];

    private LoadRounds()
    {
    }

    /// <summary>The numbers of concurrent callers.</summary>
    public static IReadOnlyList<int> Concurrencies { get; } = [1, 16, 64];

    /// <param name="loads">The loads, which alternate at each concurrency.</param>
    /// <param name="rounds">The number of rounds.</param>
    /// <param name="duration">The duration of each load.</param>
    public static async Task<LoadRounds> RunAsync(IReadOnlyList<ILoad> loads, int rounds, TimeSpan duration)
    {
        var all = new LoadRounds();
        foreach (var load in loads) await load.RunAsync(Concurrencies[1], WarmUpDuration);
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var concurrency in Concurrencies)
            {
                for (var turn = 0; turn < loads.Count; turn++)
                {
                    var load = loads[(turn + round) % loads.Count];
                    var result = await load.RunAsync(concurrency, duration);
                    Console.WriteLine(
                        $"round {round}: {load.Name}, concurrency {concurrency}: {result.PerSecond:F0}/s, "
                        + $"p50 {result.P50Microseconds:F1} µs, p99 {result.P99Microseconds:F1} µs");
                    all._measurements.Add(new(load.Name, concurrency, round, result));
                }
            }
        }

        return all;
    }

    public IReadOnlyList<ThroughputFigures> GetFigures() =>
    [
        .. _measurements.GroupBy(measurement => (measurement.Load, measurement.Concurrency)).Select(rounds =>
            new ThroughputFigures
            {
                Name = rounds.Key.Load,
                Concurrency = rounds.Key.Concurrency,
                PerSecond = Spread.From(rounds.Select(round => round.Result.PerSecond)),
                P50Microseconds = Spread.From(rounds.Select(round => round.Result.P50Microseconds)),
                P99Microseconds = Spread.From(rounds.Select(round => round.Result.P99Microseconds)),
                TimedOut = rounds.Sum(round => round.Result.TimedOut),
            }),
    ];

    /// <summary>Returns the ratio of the throughput of a load to that of another one, at each concurrency.</summary>
    /// <param name="name">The name of the ratio.</param>
    /// <param name="load">The load.</param>
    /// <param name="baselines">The loads to compare with. In each round, the fastest of them is the baseline.</param>
    public IEnumerable<LoadRatio> GetRatios(string name, string load, params IReadOnlyList<string> baselines) =>
        Concurrencies.Select(concurrency => new LoadRatio(name, concurrency, Spread.From(_measurements
            .Where(measurement => measurement.Load == load && measurement.Concurrency == concurrency)
            .Select(measurement => measurement.Result.PerSecond / _measurements
                .Where(other => baselines.Contains(other.Load)
                    && (other.Concurrency, other.Round) == (concurrency, measurement.Round))
                .Max(other => other.Result.PerSecond)))));

    private sealed record LoadMeasurement(string Load, int Concurrency, int Round, LoadResult Result);
}
