using System.Diagnostics;
using KeysCluster.Benchmarks.Hosting;
using KeysCluster.Benchmarks.Reporting;
using KeysCluster.TestKit;
using KeysCluster.Validation;

namespace KeysCluster.Benchmarks.Validation;

/// <summary>
/// Measures validations of an active key's secret by a grain call, against a call of a grain that does nothing. A
/// single caller makes one call after the other, in rounds in which the subjects alternate.
/// </summary>
internal static class GrainCallRounds
{
    public const int Count = 11;

    private const string EmptyCallName = "empty_grain_call";

    /// <summary>About a tenth of a second of calls in the silo's process.</summary>
    private const int InProcessCalls = 20_000;

    /// <summary>About a tenth of a second of calls from another process.</summary>
    private const int ClientCalls = 3_000;

    /// <summary>Measures calls in the silo's process.</summary>
    public static async Task<IReadOnlyList<CallFigures>> RunInProcessAsync()
    {
        await using var silo = await InProcessSilo.StartAsync(SiloStorageExtensions.UseMemory);
        return await RunAsync("in process", silo.Grains, silo.Validator, InProcessCalls);
    }

    /// <summary>Measures calls of an Orleans client in this process to a silo in another process.</summary>
    public static async Task<IReadOnlyList<CallFigures>> RunFromClientAsync()
    {
        var gatewayPort = FreePort.Next();
        await using var silo = await BenchmarkServerProcess.StartSiloAsync(gatewayPort);
        await using var client = await BenchmarkClusterClient.ConnectAsync(gatewayPort);
        return await RunAsync("from a client", client.Grains, client.Validator, ClientCalls);
    }

    private static async Task<IReadOnlyList<CallFigures>> RunAsync(
        string origin, IGrainFactory grains, IVirtualKeyValidator validator, int calls)
    {
        var key = await BenchmarkKey.CreateAsync(grains);
        var empty = grains.GetGrain<IEmptyGrain>(key.Id.ToString());
        var (secret, digest) = (key.Secret.Reveal(), key.Secret.ComputeDigest());
        var verdict = await key.Grain.Validate(digest, null);
        await empty.SetVerdict(verdict);
        if (!verdict.IsValid || !(await validator.ValidateAsync(secret)).IsValid)
            throw new InvalidOperationException("The secret is not valid.");

        (string Name, Func<Task> Call)[] subjects =
        [
            (EmptyCallName, async () => await empty.Call(digest, null)),
            ("verdict_grain_call", async () => await empty.GetVerdict(digest, null)),
            ("grain_validate", async () => await key.Grain.Validate(digest, null)),
            ("validator_validate", async () => await validator.ValidateAsync(secret)),
        ];
        await RunRoundAsync(origin, subjects, calls, round: 0);
        var measurements = new List<GrainCallMeasurement>();
        for (var round = 1; round <= Count; round++)
            measurements.AddRange(await RunRoundAsync(origin, subjects, calls, round));
        return [.. subjects.Select(subject => CreateFigures(subject.Name, measurements))];
    }

    private static async Task<List<GrainCallMeasurement>> RunRoundAsync(
        string origin, (string Name, Func<Task> Call)[] subjects, int calls, int round)
    {
        var measurements = new List<GrainCallMeasurement>();
        for (var turn = 0; turn < subjects.Length; turn++)
        {
            var (name, call) = subjects[(turn + round) % subjects.Length];
            var (allocated, start) = (GC.GetTotalAllocatedBytes(), Stopwatch.GetTimestamp());
            for (var i = 0; i < calls; i++) await call();
            var nanoseconds = Stopwatch.GetElapsedTime(start).TotalNanoseconds / calls;
            measurements.Add(new(name, round, nanoseconds, (GC.GetTotalAllocatedBytes() - allocated) / calls));
            Console.WriteLine($"round {round}: {name} {origin}: {nanoseconds / 1000:F2} µs");
        }

        return measurements;
    }

    private static CallFigures CreateFigures(string name, List<GrainCallMeasurement> all)
    {
        var baselines = all.Where(other => other.Name == EmptyCallName).ToDictionary(other => other.Round);
        var measurements = all.Where(measurement => measurement.Name == name).ToList();
        return new CallFigures
        {
            Name = name,
            Baseline = EmptyCallName,
            OverBaseline = Spread.From(measurements.Select(measurement =>
                measurement.Nanoseconds / baselines[measurement.Round].Nanoseconds)),
            Nanoseconds = Spread.From(measurements.Select(measurement => measurement.Nanoseconds)),
            AllocatedBytes = (long)Spread.From(measurements.Select(measurement => (double)measurement.AllocatedBytes))
                .Median,
        };
    }

    private sealed record GrainCallMeasurement(string Name, int Round, double Nanoseconds, long AllocatedBytes);
}
