using System.Diagnostics;
using KeysCluster.Benchmarks.Reporting;
using KeysCluster.TestKit;

namespace KeysCluster.Benchmarks.Scale;

/// <summary>Few and many keys in PostgreSQL, by turns.</summary>
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

        var rounds = new List<GrowthMeasurement>();
        for (var round = 0; round < Count; round++)
        {
            await RunAsync(few, many, rounds);
            Console.WriteLine($"scale: round {round + 1} of {Count}");
        }

        int[] pages = [await few.CountPagesPerReadAsync(), await many.CountPagesPerReadAsync()];
        return ([.. rounds.GroupBy(measured => measured.Name).Select(Figures)], pages);
    }

    private static async Task RunAsync(SeededSilo few, SeededSilo many, List<GrowthMeasurement> rounds)
    {
        rounds.Add(new("start", await few.StartAsync(), await many.StartAsync()));

        // By turns as well: who has run for longer has more compiled.
        for (var n = 0; n < SeededSilo.WarmUpCalls; n++)
        {
            await few.WarmUpAsync(n);
            await many.WarmUpAsync(n);
        }

        (string Name, Func<SeededSilo, int, Task> Run)[] operations =
        [
            ("list", (node, n) => node.ListFirstPageAsync(n)),
            ("list_middle", (node, n) => node.ListMiddlePageAsync(n)),
            ("get", (node, n) => node.GetAsync(n)),
            ("cold_validate", (node, n) => node.ValidateUncachedAsync(n)),
        ];
        foreach (var (name, run) in operations)
        {
            var (withFew, withMany) = (new List<double>(), new List<double>());
            for (var n = 0; n < SeededSilo.OperationsPerRound; n++)
            {
                withFew.Add(await MeasureAsync(() => run(few, n)));
                withMany.Add(await MeasureAsync(() => run(many, n)));
            }

            rounds.Add(new(name, Spread.From(withFew).Median, Spread.From(withMany).Median));
        }

        await few.StopAsync();
        await many.StopAsync();
    }

    private static async Task<double> MeasureAsync(Func<Task> operation)
    {
        var begun = Stopwatch.GetTimestamp();
        await operation();
        return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
    }

    private static GrowthFigures Figures(IGrouping<string, GrowthMeasurement> rounds) => new()
    {
        Name = rounds.Key,
        ManyOverFew = Spread.From(rounds.Select(round => round.Many / round.Few)),
        FewMilliseconds = Spread.From(rounds.Select(round => round.Few)),
        ManyMilliseconds = Spread.From(rounds.Select(round => round.Many)),
    };

    private readonly record struct GrowthMeasurement(string Name, double Few, double Many);
}
