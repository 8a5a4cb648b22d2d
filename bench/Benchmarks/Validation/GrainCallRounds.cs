using System.Diagnostics;
using KeysCluster.Benchmarks.Hosting;
using KeysCluster.Benchmarks.Reporting;
using KeysCluster.TestKit;
using KeysCluster.Validation;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Benchmarks.Validation;

/// <summary>
/// Validations of an active key's secret through its grain, over a call of a grain that does nothing, in rounds in which
/// they take turns: one caller, one call after the other.
/// </summary>
internal static class GrainCallRounds
{
    public const int Count = 11;

    private const string EmptyCallName = "empty_grain_call";

    /// <summary>About a tenth of a second of calls, in the silo's process and from another.</summary>
    private const int InProcessCalls = 20_000;
    private const int ClientCalls = 3_000;

    /// <summary>From within the silo's process.</summary>
    public static async Task<IReadOnlyList<CallFigures>> RunInProcessAsync()
    {
        await using var silo = await InProcessSilo.StartAsync(SiloStorageExtensions.UseMemory);
        return await RunAsync("in process", silo.Grains, silo.Validator, InProcessCalls);
    }

    /// <summary>From an Orleans client in this process, the silo in another one.</summary>
    public static async Task<IReadOnlyList<CallFigures>> RunFromClientAsync()
    {
        var gatewayPort = FreePort.Next();
        await using var silo = await BenchmarkServerProcess.StartSiloAsync(gatewayPort);
        await using var client = await BenchmarkClusterClient.ConnectAsync(gatewayPort);
        return await RunAsync("from a client", client.Grains, client.Validator, ClientCalls);
    }

    private static async Task<IReadOnlyList<CallFigures>> RunAsync(
        string where, IGrainFactory grains, IVirtualKeyValidator validator, int calls)
    {
        var key = await BenchmarkKey.CreateAsync(grains);
        var empty = grains.GetGrain<IEmptyGrain>(key.Id.ToString());
        var (secret, digest) = (key.Secret.Reveal(), key.Secret.ComputeDigest());
        var verdict = await key.Grain.ValidateAsync(digest, null);
        await empty.SetVerdictAsync(verdict);
        if (!verdict.IsValid || !(await validator.ValidateAsync(secret)).IsValid)
            throw new InvalidOperationException("The secret is not valid: there is nothing to measure.");

        (string Name, Func<Task> Call)[] subjects =
        [
            (EmptyCallName, async () => await empty.CallAsync(digest, null)),
            ("verdict_grain_call", async () => await empty.GetVerdictAsync(digest, null)),
            ("grain_validate", async () => await key.Grain.ValidateAsync(digest, null)),
            ("validator_validate", async () => await validator.ValidateAsync(secret)),
        ];
        await RunRoundAsync(where, subjects, calls, round: 0);
        var measured = new List<GrainCallMeasurement>();
        for (var round = 1; round <= Count; round++) measured.AddRange(await RunRoundAsync(where, subjects, calls, round));
        return [.. subjects.Select(subject => Figures(subject.Name, measured))];
    }

    private static async Task<List<GrainCallMeasurement>> RunRoundAsync(
        string where, (string Name, Func<Task> Call)[] subjects, int calls, int round)
    {
        var measured = new List<GrainCallMeasurement>();
        for (var turn = 0; turn < subjects.Length; turn++)
        {
            var (name, call) = subjects[(turn + round) % subjects.Length];
            var (allocated, begun) = (GC.GetTotalAllocatedBytes(), Stopwatch.GetTimestamp());
            for (var i = 0; i < calls; i++) await call();
            var nanoseconds = Stopwatch.GetElapsedTime(begun).TotalNanoseconds / calls;
            measured.Add(new(name, round, nanoseconds, (GC.GetTotalAllocatedBytes() - allocated) / calls));
            Console.WriteLine($"round {round}: {name} {where}: {nanoseconds / 1000:F2} µs");
        }

        return measured;
    }

    private static CallFigures Figures(string name, List<GrainCallMeasurement> all)
    {
        var own = all.Where(measured => measured.Name == name).ToList();
        return new CallFigures
        {
            Name = name,
            Baseline = EmptyCallName,
            OverBaseline = Spread.From(own.Select(measured =>
                measured.Nanoseconds / all.Single(other => (other.Name, other.Round) == (EmptyCallName, measured.Round)).Nanoseconds)),
            Nanoseconds = Spread.From(own.Select(measured => measured.Nanoseconds)),
            AllocatedBytes = (long)Spread.From(own.Select(measured => (double)measured.AllocatedBytes)).Median,
        };
    }

    private sealed record GrainCallMeasurement(string Name, int Round, double Nanoseconds, long AllocatedBytes);
}
