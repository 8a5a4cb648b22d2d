using KeysCluster.Benchmarks.Reporting;

namespace KeysCluster.Benchmarks.Loads;

/// <summary>Loads at several concurrencies, in rounds in which they take turns.</summary>
internal sealed class LoadRounds
{
    /// <summary>How many callers there are at once.</summary>
    public static IReadOnlyList<int> Concurrencies { get; } = [1, 16, 64];

    private readonly List<LoadMeasurement> _measured = [];

    private LoadRounds()
    {
    }

    /// <summary>For how long each load goes before those that count: .NET goes on compiling while a server runs.</summary>
    private static readonly TimeSpan WarmUpDuration = TimeSpan.FromSeconds(3);

    /// <param name="loads">They take turns at each concurrency.</param>
    /// <param name="rounds">How often.</param>
    /// <param name="duration">How long a load is kept up.</param>
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
                    Console.WriteLine($"round {round}: {load.Name}, {concurrency} at once: {result.PerSecond:F0}/s, "
                        + $"p50 {result.P50Microseconds:F1} µs, p99 {result.P99Microseconds:F1} µs");
                    all._measured.Add(new(load.Name, concurrency, round, result));
                }
            }
        }

        return all;
    }

    public IReadOnlyList<ThroughputFigures> Figures() =>
    [
        .. _measured.GroupBy(measured => (measured.Load, measured.Concurrency)).Select(rounds => new ThroughputFigures
        {
            Name = rounds.Key.Load,
            Concurrency = rounds.Key.Concurrency,
            PerSecond = Spread.From(rounds.Select(round => round.Result.PerSecond)),
            P50Microseconds = Spread.From(rounds.Select(round => round.Result.P50Microseconds)),
            P99Microseconds = Spread.From(rounds.Select(round => round.Result.P99Microseconds)),
            TimedOut = rounds.Sum(round => round.Result.TimedOut),
        }),
    ];

    /// <summary>Throughput over that of neighbours in the same round, at each concurrency.</summary>
    /// <param name="name">Of the ratio.</param>
    /// <param name="over">The load.</param>
    /// <param name="under">What it is measured against: the fastest of these in each round.</param>
    public IEnumerable<LoadRatio> Ratios(string name, string over, params IReadOnlyList<string> under) =>
        Concurrencies.Select(concurrency => new LoadRatio(name, concurrency, Spread.From(_measured
            .Where(measured => measured.Load == over && measured.Concurrency == concurrency)
            .Select(measured => measured.Result.PerSecond / _measured
                .Where(other => under.Contains(other.Load)
                    && (other.Concurrency, other.Round) == (concurrency, measured.Round))
                .Max(other => other.Result.PerSecond)))));

    private sealed record LoadMeasurement(string Load, int Concurrency, int Round, LoadResult Result);
}
