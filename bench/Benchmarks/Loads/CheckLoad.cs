using System.Diagnostics;
using HdrHistogram;

namespace KeysCluster.Benchmarks.Loads;

/// <summary>Checks of secrets in this process. Every result is verified, and every call is timed.</summary>
internal sealed class CheckLoad(ISecretCheck check, int secrets) : ILoad
{
    /// <summary>
    /// A prime, so that each caller goes through all secrets in an order that no processor cache predicts.
    /// </summary>
    private const int Stride = 7919;

    private static readonly long MaxCallTicks = 60 * Stopwatch.Frequency;

    public string Name => check.Name;

    public async Task<LoadResult> RunAsync(int callers, TimeSpan duration)
    {
        var start = Stopwatch.GetTimestamp();
        var end = start + (long)(duration.TotalSeconds * Stopwatch.Frequency);

        // Each caller gets a thread, because calls that complete synchronously never yield theirs to another caller.
        var results = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Factory.StartNew(
            () => CallAsync(caller, end),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap()));
        var elapsed = Stopwatch.GetElapsedTime(start);
        var all = NewHistogram();
        foreach (var result in results) all.Add(result.Latencies);
        return new LoadResult(
            all.TotalCount / elapsed.TotalSeconds,
            GetMicroseconds(all, 50),
            GetMicroseconds(all, 99),
            results.Sum(result => result.TimedOut));
    }

    private async Task<(LongHistogram Latencies, long TimedOut)> CallAsync(int caller, long end)
    {
        var latencies = NewHistogram();
        var timedOut = 0L;
        var secret = caller * Stride % secrets;
        for (var start = Stopwatch.GetTimestamp(); start < end; secret = (secret + Stride) % secrets)
        {
            long now;
            try
            {
                if (!await check.IsValidAsync(caller, secret))
                    throw new InvalidOperationException($"{Name} refused a valid secret.");
                now = Stopwatch.GetTimestamp();
                latencies.RecordValue(now - start);
            }
            catch (TimeoutException)
            {
                now = Stopwatch.GetTimestamp();
                timedOut++;
            }

            start = now;
        }

        return (latencies, timedOut);
    }

    private static LongHistogram NewHistogram() => new(1, MaxCallTicks, numberOfSignificantValueDigits: 2);

    private static double GetMicroseconds(LongHistogram latencies, double percentile) =>
        latencies.GetValueAtPercentile(percentile) * 1e6 / Stopwatch.Frequency;
}
