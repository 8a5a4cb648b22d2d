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
    public const int FloodCallers = 16;

    private const int CachedKeyCount = 1_000;

    private static readonly TimeSpan RoundDuration = TimeSpan.FromSeconds(1);

    public static async Task<IReadOnlyList<FloodFigures>> RunAsync()
    {
        using var silo = new StandaloneValidator();
        string[] known = [.. Enumerable.Range(0, CachedKeyCount).Select(_ => silo.AddKey())];
        string[] ended = [.. Enumerable.Range(0, CachedKeyCount).Select(_ => silo.AddKey(state => state with { RevokedAt = state.CreatedAt }))];
        string[] unknown = [.. Enumerable.Range(0, 200_000).Select(_ => Mint(VirtualKeyId.New(TimeProvider.System.GetUtcNow())))];
        if (!VirtualKeySecret.TryParse(known[0], out var hot)) throw new InvalidOperationException("It is no secret.");
        string[] wrong = [.. Enumerable.Range(0, 10_000).Select(_ => Mint(VirtualKeyId.FromSecret(hot)))];
        await silo.EnsureVerdictAsync(VerdictCode.Active, known);
        await silo.EnsureVerdictAsync(VerdictCode.Revoked, ended);
        _ = MeasureP99(silo, known);

        var figures = new List<FloodFigures>();
        foreach (var (name, flood) in new[] { ("unknown", unknown), ("ended", ended), ("hot", wrong) })
        {
            List<double> ratios = [], calms = [], floods = [], rates = [];
            for (var round = 0; round < Count; round++)
            {
                var calm = MeasureP99(silo, known);
                using var end = new CancellationTokenSource();
                var flooding = FloodAsync(silo, flood, end.Token);
                var begun = Stopwatch.GetTimestamp();
                var flooded = MeasureP99(silo, known);
                await end.CancelAsync();
                rates.Add(await flooding / Stopwatch.GetElapsedTime(begun).TotalSeconds);
                calms.Add(calm);
                floods.Add(flooded);
                ratios.Add(flooded / calm);
            }

            figures.Add(new FloodFigures
            {
                Name = name,
                P99OverCalm = Spread.From(ratios),
                CalmP99Nanoseconds = Spread.From(calms),
                P99Nanoseconds = Spread.From(floods),
                FloodPerSecond = Spread.From(rates),
            });
        }

        return figures;
    }

    private static string Mint(VirtualKeyId key) => VirtualKeySecret.Mint(key, VirtualKeyEnvironment.Live).Reveal();

    /// <summary>Of single calls, in nanoseconds, the time to look at the clock included.</summary>
    private static double MeasureP99(StandaloneValidator silo, string[] secrets)
    {
        var samples = new List<long>(4_000_000);
        var begun = Stopwatch.GetTimestamp();
        for (var n = 0; Stopwatch.GetElapsedTime(begun) < RoundDuration; n++)
        {
            var from = Stopwatch.GetTimestamp();
            var answer = silo.ValidateAsync(secrets[n % secrets.Length]);
            samples.Add(Stopwatch.GetTimestamp() - from);
            if (!answer.IsCompletedSuccessfully || !answer.GetAwaiter().GetResult().IsValid)
                throw new InvalidOperationException("A known key was not known.");
        }

        samples.Sort();
        return samples[samples.Count * 99 / 100] * 1e9 / Stopwatch.Frequency;
    }

    private static async Task<long> FloodAsync(StandaloneValidator silo, string[] secrets, CancellationToken end)
    {
        var calls = await Task.WhenAll(Enumerable.Range(0, FloodCallers).Select(caller => Task.Run(async () =>
        {
            long n = 0;
            for (; !end.IsCancellationRequested; n++) await silo.ValidateAsync(secrets[((n * FloodCallers) + caller) % secrets.Length]);
            return n;
        })));
        return calls.Sum();
    }
}
