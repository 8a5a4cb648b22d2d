using System.Diagnostics;
using KeysCluster.Benchmarks.Hosting;
using KeysCluster.Benchmarks.Reporting;
using KeysCluster.TestKit;

namespace KeysCluster.Benchmarks.Validation;

/// <summary>
/// Grain calls from another process than the silo's, in rounds in which they take turns: one caller, one call after the
/// other.
/// </summary>
internal static class ClientCallRounds
{
    public const int Count = 11;

    private const int Calls = 3000;
    private const string Empty = "empty_grain_call";

    public static async Task<IReadOnlyList<CallFigures>> RunAsync()
    {
        var gatewayPort = FreePort.Next();
        await using var silo = await OtherProcess.StartSiloAsync(gatewayPort);
        await using var client = await ClusterClient.ConnectAsync(gatewayPort);
        var key = await NewKey.CreateAsync(client.Grains);
        var empty = client.Grains.GetGrain<IEmptyGrain>(key.Id.ToString());
        var digest = key.Secret.Digest();
        var verdict = await key.Grain.Validate(digest, null);
        if (!verdict.IsValid) throw new InvalidOperationException("The secret is not valid: there is nothing to measure.");
        await empty.Hold(verdict);

        (string Name, Func<Task> Call)[] subjects =
        [
            (Empty, async () => await empty.Call(digest, null)),
            ("verdict_grain_call", async () => await empty.Answer(digest, null)),
            ("grain_validate", async () => await key.Grain.Validate(digest, null)),
        ];
        await RunRoundAsync(subjects, round: 0);
        var measured = new List<Measured>();
        for (var round = 1; round <= Count; round++) measured.AddRange(await RunRoundAsync(subjects, round));
        return [.. subjects.Select(subject => Figures(subject.Name, measured))];
    }

    private static async Task<List<Measured>> RunRoundAsync((string Name, Func<Task> Call)[] subjects, int round)
    {
        var measured = new List<Measured>();
        for (var turn = 0; turn < subjects.Length; turn++)
        {
            var (name, call) = subjects[(turn + round) % subjects.Length];
            var (allocated, begun) = (GC.GetTotalAllocatedBytes(), Stopwatch.GetTimestamp());
            for (var i = 0; i < Calls; i++) await call();
            var nanoseconds = Stopwatch.GetElapsedTime(begun).TotalNanoseconds / Calls;
            measured.Add(new(name, round, nanoseconds, (GC.GetTotalAllocatedBytes() - allocated) / Calls));
            Console.WriteLine($"round {round}: {name} from a client: {nanoseconds / 1000:F1} µs");
        }

        return measured;
    }

    private static CallFigures Figures(string name, List<Measured> all)
    {
        var own = all.Where(measured => measured.Name == name).ToList();
        return new CallFigures
        {
            Name = name,
            Baseline = Empty,
            OverBaseline = Spread.Of(own.Select(measured =>
                measured.Nanoseconds / all.Single(other => (other.Name, other.Round) == (Empty, measured.Round)).Nanoseconds)),
            Nanoseconds = Spread.Of(own.Select(measured => measured.Nanoseconds)),
            AllocatedBytes = own.Max(measured => measured.AllocatedBytes),
        };
    }

    private sealed record Measured(string Name, int Round, double Nanoseconds, long AllocatedBytes);
}
