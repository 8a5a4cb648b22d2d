using System.Diagnostics;
using KeysCluster.Benchmarks.Reporting;
using KeysCluster.TestKit;

namespace KeysCluster.Benchmarks.Rotation;

/// <summary>
/// Rotations and bare updates on one PostgreSQL, in rounds in which they take turns. Each round rotates fresh keys
/// once (which also writes the erasure's reminder) and then once again (which does not).
/// </summary>
internal static class RotationRounds
{
    public const int Count = 7;

    private static readonly string[] Passes = ["first", "again"];

    /// <summary>
    /// As many keys as keep a loop busy for about half a second: what else the machine does then hits neighbours alike.
    /// </summary>
    private static readonly (int Concurrency, int Keys)[] Loads = [(1, 150), (ClosedLoop.MaxConcurrency, 1000)];

    /// <summary>For how long rotations go before those that count: .NET goes on compiling while a process runs.</summary>
    private static readonly TimeSpan WarmUpDuration = TimeSpan.FromSeconds(30);

    public static async Task<RotationFigures> RunAsync()
    {
        await using var server = await PostgresServer.CreateAsync();
        var database = await server.CreateDatabaseAsync();
        await using var http = await HttpRotation.StartAsync(database);
        await using var grain = await GrainRotation.StartAsync(database);
        var payloads = await RotatedPayloads.ReadAsync(database, grain, Passes.Length);
        await using var bare = await BareUpdate.CreateAsync(database, ClosedLoop.MaxConcurrency, payloads);

        IRotation[] rotations = [bare, grain, http];
        var begun = Stopwatch.GetTimestamp();
        for (var round = 0; Stopwatch.GetElapsedTime(begun) < WarmUpDuration; round++) await RunRoundAsync([grain, http], [Loads[^1]], round);
        var measured = new List<RotationMeasurement>();
        for (var round = 1; round <= Count; round++) measured.AddRange(await RunRoundAsync(rotations, Loads, round));

        return new RotationFigures
        {
            Baseline = bare.Name,
            PayloadBytes = [.. payloads.Select(payload => payload.Length)],
            Loads = [.. measured
                .GroupBy(loop => (loop.Rotation, loop.Pass, loop.Concurrency))
                .Select(group => Figures(group, bare.Name, measured))],
        };
    }

    private static async Task<List<RotationMeasurement>> RunRoundAsync(
        IRotation[] rotations, IReadOnlyList<(int Concurrency, int Keys)> loads, int round)
    {
        var measured = new List<RotationMeasurement>();
        foreach (var (concurrency, keys) in loads)
        {
            for (var turn = 0; turn < rotations.Length; turn++)
            {
                var rotation = rotations[(turn + round) % rotations.Length];
                await rotation.PrepareAsync(keys);
                for (var pass = 0; pass < Passes.Length; pass++)
                {
                    var loop = await ClosedLoop.RunAsync(rotation, keys, concurrency, pass);
                    Console.WriteLine(
                        $"round {round}: {rotation.Name} {Passes[pass]}, {concurrency} at once: {loop.PerSecond:F0}/s");
                    measured.Add(new RotationMeasurement(rotation.Name, Passes[pass], concurrency, round, loop));
                }
            }
        }

        return measured;
    }

    private static LoadFigures Figures(
        IGrouping<(string Rotation, string Pass, int Concurrency), RotationMeasurement> group, string baseline, List<RotationMeasurement> all)
    {
        var milliseconds = Percentiles.From(
            group.SelectMany(loop => loop.Loop.Latencies).Select(latency => latency.TotalMilliseconds));
        return new LoadFigures
        {
            Name = group.Key.Rotation,
            Pass = group.Key.Pass,
            Concurrency = group.Key.Concurrency,
            ThroughputOverBaseline = Spread.From(group.Select(loop =>
                loop.Loop.PerSecond / all.Single(other => other.IsCounterpartOf(loop, baseline)).Loop.PerSecond)),
            PerSecond = Spread.From(group.Select(loop => loop.Loop.PerSecond)),
            P50Milliseconds = milliseconds.P50,
            P99Milliseconds = milliseconds.P99,
        };
    }

    private sealed record RotationMeasurement(string Rotation, string Pass, int Concurrency, int Round, LoopResult Loop)
    {
        /// <summary>Whether this is what <paramref name="rotation"/> did under the same load in the same round.</summary>
        public bool IsCounterpartOf(RotationMeasurement other, string rotation) =>
            (Rotation, Pass, Concurrency, Round) == (rotation, other.Pass, other.Concurrency, other.Round);
    }
}
