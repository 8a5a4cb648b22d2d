using System.Diagnostics;
using KeysCluster.Benchmarks.Reporting;
using KeysCluster.TestKit;

namespace KeysCluster.Benchmarks.Scale;

/// <summary>Few and many keys in PostgreSQL, by turns.</summary>
internal static class GrowthRounds
{
    public const int Count = 3;
    public const int Few = 1_000;
    public const int Many = 1_000_000;

    public static async Task<(IReadOnlyList<GrowthFigures> Growth, IReadOnlyList<int> Pages)> RunAsync()
    {
        await using var server = await PostgresServer.CreateAsync();
        await using var few = await NodeAtScale.SeedAsync(server, Few);
        await using var many = await NodeAtScale.SeedAsync(server, Many);
        Console.WriteLine("scale: seeded");

        var rounds = new List<Measured>();
        for (var round = 0; round < Count; round++)
        {
            await RunAsync(few, many, rounds);
            Console.WriteLine($"scale: round {round + 1} of {Count}");
        }

        int[] pages = [await few.PagesOfAReadAsync(), await many.PagesOfAReadAsync()];
        return ([.. rounds.GroupBy(measured => measured.Name).Select(Figures)], pages);
    }

    private static async Task RunAsync(NodeAtScale few, NodeAtScale many, List<Measured> rounds)
    {
        rounds.Add(new("start", await few.StartAsync(), await many.StartAsync()));

        // By turns as well: who has run for longer has more compiled.
        for (var n = 0; n < NodeAtScale.WarmUps; n++)
        {
            await few.WarmUpAsync(n);
            await many.WarmUpAsync(n);
        }

        (string Name, Func<NodeAtScale, int, Task> Run)[] operations =
        [
            ("list", (node, n) => node.ListFirstAsync(n)),
            ("list_middle", (node, n) => node.ListMiddleAsync(n)),
            ("get", (node, n) => node.GetAsync(n)),
            ("cold_validate", (node, n) => node.ColdValidateAsync(n)),
        ];
        foreach (var (name, run) in operations)
        {
            var (withFew, withMany) = (new List<double>(), new List<double>());
            for (var n = 0; n < NodeAtScale.Operations; n++)
            {
                withFew.Add(await TimeAsync(() => run(few, n)));
                withMany.Add(await TimeAsync(() => run(many, n)));
            }

            rounds.Add(new(name, Spread.Of(withFew).Median, Spread.Of(withMany).Median));
        }

        await few.StopAsync();
        await many.StopAsync();
    }

    private static async Task<double> TimeAsync(Func<Task> operation)
    {
        var begun = Stopwatch.GetTimestamp();
        await operation();
        return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
    }

    private static GrowthFigures Figures(IGrouping<string, Measured> rounds) => new()
    {
        Name = rounds.Key,
        ManyOverFew = Spread.Of(rounds.Select(round => round.Many / round.Few)),
        FewMilliseconds = Spread.Of(rounds.Select(round => round.Few)),
        ManyMilliseconds = Spread.Of(rounds.Select(round => round.Many)),
    };

    private readonly record struct Measured(string Name, double Few, double Many);
}
