using System.Diagnostics;
using KeysCluster.Benchmarks.Reporting;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Benchmarks.Scale;

/// <summary>
/// Known keys are validated by one caller, call by call, without and with a flood by others. Storage answers at once, so
/// that the flood is as fast as the processor allows.
/// </summary>
internal static class FloodRounds
{
    public const int Count = 5;

    /// <summary>Callers of the flood, each with one validation at a time.</summary>
    public const int Callers = 16;

    private const int Known = 1_000;

    private static readonly TimeSpan Time = TimeSpan.FromSeconds(1);

    public static async Task<IReadOnlyList<FloodFigures>> RunAsync()
    {
        using var silo = new ValidatorAlone();
        string[] known = [.. Enumerable.Range(0, Known).Select(_ => silo.Store())];
        string[] ended = [.. Enumerable.Range(0, Known).Select(_ => silo.Store(state => state with { RevokedAt = state.CreatedAt }))];
        string[] unknown = [.. Enumerable.Range(0, 200_000).Select(_ => Mint(VirtualKeyId.New(TimeProvider.System.GetUtcNow())))];
        if (!VirtualKeySecret.TryParse(known[0], out var hot)) throw new InvalidOperationException("It is no secret.");
        string[] wrong = [.. Enumerable.Range(0, 10_000).Select(_ => Mint(VirtualKeyId.OwnerOf(hot)))];
        await silo.Expect(VerdictCode.Active, known);
        await silo.Expect(VerdictCode.Revoked, ended);
        _ = P99(silo, known);

        var figures = new List<FloodFigures>();
        foreach (var (name, flood) in new[] { ("unknown", unknown), ("ended", ended), ("hot", wrong) })
        {
            List<double> ratios = [], calms = [], floods = [], rates = [];
            for (var round = 0; round < Count; round++)
            {
                var calm = P99(silo, known);
                using var end = new CancellationTokenSource();
                var flooding = FloodAsync(silo, flood, end.Token);
                var begun = Stopwatch.GetTimestamp();
                var flooded = P99(silo, known);
                await end.CancelAsync();
                rates.Add(await flooding / Stopwatch.GetElapsedTime(begun).TotalSeconds);
                calms.Add(calm);
                floods.Add(flooded);
                ratios.Add(flooded / calm);
            }

            figures.Add(new FloodFigures
            {
                Name = name,
                P99OverCalm = Spread.Of(ratios),
                CalmP99Nanoseconds = Spread.Of(calms),
                P99Nanoseconds = Spread.Of(floods),
                FloodPerSecond = Spread.Of(rates),
            });
        }

        return figures;
    }

    private static string Mint(VirtualKeyId key) => VirtualKeySecret.Mint(key, VirtualKeyEnvironment.Live).Reveal();

    /// <summary>Of single calls, in nanoseconds, the time to look at the clock included.</summary>
    private static double P99(ValidatorAlone silo, string[] secrets)
    {
        var samples = new List<long>(4_000_000);
        var begun = Stopwatch.GetTimestamp();
        for (var n = 0; Stopwatch.GetElapsedTime(begun) < Time; n++)
        {
            var from = Stopwatch.GetTimestamp();
            var answer = silo.Validate(secrets[n % secrets.Length]);
            samples.Add(Stopwatch.GetTimestamp() - from);
            if (!answer.IsCompletedSuccessfully || !answer.GetAwaiter().GetResult().IsValid)
                throw new InvalidOperationException("A known key was not known.");
        }

        samples.Sort();
        return samples[samples.Count * 99 / 100] * 1e9 / Stopwatch.Frequency;
    }

    private static async Task<long> FloodAsync(ValidatorAlone silo, string[] secrets, CancellationToken end)
    {
        var calls = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            long n = 0;
            for (; !end.IsCancellationRequested; n++) await silo.Validate(secrets[((n * Callers) + caller) % secrets.Length]);
            return n;
        })));
        return calls.Sum();
    }
}
