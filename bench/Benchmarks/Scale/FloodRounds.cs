using System.Diagnostics;
using KeysCluster.Benchmarks.Reporting;
using KeysCluster.TestKit.Reporting;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Benchmarks.Scale;

/// <summary>
/// Measures validations of cached keys by one caller, without and with a flood of other validations. Storage completes
/// reads synchronously, so that only the processor limits the flood.
/// </summary>
internal static class FloodRounds
{
    public const int Count = 5;

    /// <summary>The callers of the flood. Each makes one validation after the other.</summary>
    public const int FloodCallers = 16;

    private const int CachedKeyCount = 1_000;
    private const int UnknownKeyCount = 200_000;
    private const int WrongSecretCount = 10_000;

    /// <summary>More calls than fit into a round.</summary>
    private const int SampleCapacity = 4_000_000;

    private static readonly TimeSpan RoundDuration = TimeSpan.FromSeconds(1);

    public static async Task<IReadOnlyList<FloodFigures>> RunAsync()
    {
        using var validator = new StandaloneValidator();
        string[] cached = CreateMany(CachedKeyCount, () => validator.AddKey());
        string[] revoked = CreateMany(
            CachedKeyCount, () => validator.AddKey(state => state with { RevokedAt = state.CreatedAt }));
        string[] unknown = CreateMany(
            UnknownKeyCount, () => Mint(VirtualKeyId.New(TimeProvider.System.GetUtcNow())));
        if (!VirtualKeySecret.TryParse(cached[0], out var hot))
            throw new InvalidOperationException("The secret cannot be parsed.");
        string[] wrong = CreateMany(WrongSecretCount, () => Mint(VirtualKeyId.FromSecret(hot)));
        await validator.EnsureVerdictAsync(VerdictCode.Active, cached);
        await validator.EnsureVerdictAsync(VerdictCode.Revoked, revoked);
        _ = MeasureP99(validator, cached);

        return
        [
            await MeasureFloodAsync("unknown", validator, cached, unknown),
            await MeasureFloodAsync("ended", validator, cached, revoked),
            await MeasureFloodAsync("hot", validator, cached, wrong),
        ];
    }

    private static async Task<FloodFigures> MeasureFloodAsync(
        string name, StandaloneValidator validator, string[] cached, string[] flood)
    {
        List<double> ratios = [], baselines = [], latencies = [], rates = [];
        for (var round = 0; round < Count; round++)
        {
            var baseline = MeasureP99(validator, cached);
            using var stop = new CancellationTokenSource();
            var flooding = FloodAsync(validator, flood, stop.Token);
            var start = Stopwatch.GetTimestamp();
            var latency = MeasureP99(validator, cached);
            await stop.CancelAsync();
            rates.Add(await flooding / Stopwatch.GetElapsedTime(start).TotalSeconds);
            baselines.Add(baseline);
            latencies.Add(latency);
            ratios.Add(latency / baseline);
        }

        return new FloodFigures
        {
            Name = name,
            P99OverBaseline = Spread.From(ratios),
            BaselineP99Nanoseconds = Spread.From(baselines),
            P99Nanoseconds = Spread.From(latencies),
            FloodPerSecond = Spread.From(rates),
        };
    }

    private static string[] CreateMany(int count, Func<string> create) =>
        [.. Enumerable.Range(0, count).Select(_ => create())];

    private static string Mint(VirtualKeyId key) => VirtualKeySecret.Mint(key, VirtualKeyEnvironment.Live).Reveal();

    /// <summary>
    /// Returns the 99th percentile of single calls in nanoseconds, including the time to read the clock.
    /// </summary>
    private static double MeasureP99(StandaloneValidator validator, string[] secrets)
    {
        var samples = new List<long>(SampleCapacity);
        var roundStart = Stopwatch.GetTimestamp();
        for (var n = 0; Stopwatch.GetElapsedTime(roundStart) < RoundDuration; n++)
        {
            var start = Stopwatch.GetTimestamp();
            var validation = validator.ValidateAsync(secrets[n % secrets.Length]);
            samples.Add(Stopwatch.GetTimestamp() - start);
            if (!validation.IsCompletedSuccessfully || !validation.GetAwaiter().GetResult().IsValid)
                throw new InvalidOperationException("A validation of a cached key did not come from the cache.");
        }

        return Percentiles.From(samples.Select(sample => (double)sample)).P99 * 1e9 / Stopwatch.Frequency;
    }

    private static async Task<long> FloodAsync(StandaloneValidator validator, string[] secrets, CancellationToken stop)
    {
        var calls = await Task.WhenAll(Enumerable.Range(0, FloodCallers).Select(caller => Task.Run(async () =>
        {
            long n = 0;
            for (; !stop.IsCancellationRequested; n++)
                await validator.ValidateAsync(secrets[((n * FloodCallers) + caller) % secrets.Length]);
            return n;
        })));
        return calls.Sum();
    }
}
