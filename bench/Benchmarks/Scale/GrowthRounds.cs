using System.Diagnostics;
using KeysCluster.Benchmarks.Reporting;
using KeysCluster.TestKit;

namespace KeysCluster.Benchmarks.Scale;

/// <summary>Measures a silo with few keys in PostgreSQL and one with many. The two alternate.</summary>
internal static class GrowthRounds
{
    public const int Count = 3;
    public const int FewKeys = 1_000;
    public const int ManyKeys = 1_000_000;

    public static async Task<(IReadOnlyList<GrowthFigures> Growth, IReadOnlyList<int> Pages)> RunAsync()
    {
        await using var server = await PostgresServer.CreateAsync();
        await using var few = await SeededSilo.SeedAsync(server, FewKeys);
        await using var many = await SeededSilo.SeedAsync(server, ManyKeys);
        Console.WriteLine("scale: seeded");

        var measurements = new List<GrowthMeasurement>();
        for (var round = 1; round <= Count; round++)
        {
            await RunRoundAsync(few, many, measurements);
            Console.WriteLine($"scale: round {round} of {Count}");
        }

        int[] pages = [await few.CountPagesPerReadAsync(), await many.CountPagesPerReadAsync()];
        return ([.. measurements.GroupBy(measurement => measurement.Name).Select(CreateFigures)], pages);
    }

    private static async Task RunRoundAsync(SeededSilo few, SeededSilo many, List<GrowthMeasurement> measurements)
    {
        measurements.Add(new("start", await few.StartAsync(), await many.StartAsync()));

        // The warm-up alternates as well, because the .NET runtime compiles in tiers while a silo runs.
        for (var n = 0; n < SeededSilo.WarmUpCalls; n++)
        {
            await few.WarmUpAsync(n);
            await many.WarmUpAsync(n);
        }

        (string Name, Func<SeededSilo, int, Task> Run)[] operations =
        [
            ("list", (silo, _) => silo.ListFirstPageAsync()),
            ("list_middle", (silo, _) => silo.ListMiddlePageAsync()),
            ("get", (silo, n) => silo.GetAsync(n)),
            ("cold_validate", (silo, n) => silo.ValidateUncachedAsync(n)),
        ];
        foreach (var (name, run) in operations)
        {
            var (withFew, withMany) = (new List<double>(), new List<double>());
            for (var n = 0; n < SeededSilo.OperationsPerRound; n++)
            {
                withFew.Add(await MeasureAsync(() => run(few, n)));
                withMany.Add(await MeasureAsync(() => run(many, n)));
            }

            measurements.Add(new(name, Spread.From(withFew).Median, Spread.From(withMany).Median));
        }

        await few.StopAsync();
        await many.StopAsync();
    }

    private static async Task<double> MeasureAsync(Func<Task> operation)
    {
        var start = Stopwatch.GetTimestamp();
        await operation();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static GrowthFigures CreateFigures(IGrouping<string, GrowthMeasurement> rounds) => new()
    {
        Name = rounds.Key,
        ManyOverFew = Spread.From(rounds.Select(round => round.Many / round.Few)),
        FewMilliseconds = Spread.From(rounds.Select(round => round.Few)),
        ManyMilliseconds = Spread.From(rounds.Select(round => round.Many)),
    };

    /// <summary>Medians of one round, in milliseconds.</summary>
    private readonly record struct GrowthMeasurement(string Name, double Few, double Many);
}
