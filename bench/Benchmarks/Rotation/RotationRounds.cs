using System.Diagnostics;
using KeysCluster.Benchmarks.Reporting;
using KeysCluster.TestKit;
using KeysCluster.TestKit.Reporting;

namespace KeysCluster.Benchmarks.Rotation;

/// <summary>
/// Measures rotations and bare updates on one PostgreSQL, in rounds in which they alternate. Each round rotates new
/// keys once, which also writes the erasure reminder, and then a second time, which does not.
/// </summary>
internal static class RotationRounds
{
    public const int Count = 7;

    private static readonly string[] Passes = ["first", "again"];

    /// <summary>
    /// Enough keys for loops of about half a second, so that other activity of the machine affects all subjects of a
    /// round equally.
    /// </summary>
    private static readonly (int Concurrency, int Keys)[] Loads = [(1, 150), (ClosedLoop.MaxConcurrency, 1000)];

    /// <summary>
    /// The duration of rotations before the measured rounds. The .NET runtime compiles in tiers meanwhile.
    /// </summary>
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
        var start = Stopwatch.GetTimestamp();
        for (var round = 0; Stopwatch.GetElapsedTime(start) < WarmUpDuration; round++)
            await RunRoundAsync([grain, http], [Loads[^1]], round);

        var measurements = new List<RotationMeasurement>();
        for (var round = 1; round <= Count; round++)
            measurements.AddRange(await RunRoundAsync(rotations, Loads, round));

        return new RotationFigures
        {
            Baseline = bare.Name,
            PayloadBytes = [.. payloads.Select(payload => payload.Length)],
            Loads = [.. measurements
                .GroupBy(measurement => (measurement.Rotation, measurement.Pass, measurement.Concurrency))
                .Select(group => CreateFigures([.. group], bare.Name, measurements))],
        };
    }

    private static async Task<List<RotationMeasurement>> RunRoundAsync(
        IRotation[] rotations, IReadOnlyList<(int Concurrency, int Keys)> loads, int round)
    {
        var measurements = new List<RotationMeasurement>();
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
                        $"round {round}: {rotation.Name} {Passes[pass]}, concurrency {concurrency}: "
                        + $"{loop.PerSecond:F0}/s");
                    measurements.Add(new RotationMeasurement(rotation.Name, Passes[pass], concurrency, round, loop));
                }
            }
        }

        return measurements;
    }

    private static LoadFigures CreateFigures(
        IReadOnlyList<RotationMeasurement> measurements, string baseline, List<RotationMeasurement> all)
    {
        var milliseconds = Percentiles.From(measurements
            .SelectMany(measurement => measurement.Loop.Latencies)
            .Select(latency => latency.TotalMilliseconds));
        return new LoadFigures
        {
            Name = measurements[0].Rotation,
            Pass = measurements[0].Pass,
            Concurrency = measurements[0].Concurrency,
            ThroughputOverBaseline = Spread.From(measurements.Select(measurement =>
                measurement.Loop.PerSecond
                / all.Single(other => other.IsCounterpartOf(measurement, baseline)).Loop.PerSecond)),
            PerSecond = Spread.From(measurements.Select(measurement => measurement.Loop.PerSecond)),
            P50Milliseconds = milliseconds.P50,
            P99Milliseconds = milliseconds.P99,
        };
    }

    private sealed record RotationMeasurement(
        string Rotation, string Pass, int Concurrency, int Round, LoopResult Loop)
    {
        /// <summary>Returns whether this is the result of a rotation under the same load in the same round.</summary>
        public bool IsCounterpartOf(RotationMeasurement other, string rotation) =>
            (Rotation, Pass, Concurrency, Round) == (rotation, other.Pass, other.Concurrency, other.Round);
    }
}
