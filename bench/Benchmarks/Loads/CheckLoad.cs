using System.Diagnostics;
using HdrHistogram;

namespace KeysCluster.Benchmarks.Loads;

/// <summary>Checks of secrets from within this process. Every answer is looked at, every call is timed, and
/// those that time out are counted apart.</summary>
internal sealed class CheckLoad(ISecretCheck check, int secrets) : ILoad
{
    /// <summary>A prime: each caller goes through all secrets, in an order that does no cache a favour.</summary>
    private const int Stride = 7919;

    private static readonly long MaxCallTicks = 60 * Stopwatch.Frequency;

    public string Name => check.Name;

    public async Task<LoadResult> RunAsync(int callers, TimeSpan duration)
    {
        var begun = Stopwatch.GetTimestamp();
        var end = begun + (long)(duration.TotalSeconds * Stopwatch.Frequency);

        // A thread to each caller: one that is answered at once would otherwise keep the next one from beginning.
        var results = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Factory.StartNew(
            () => CallAsync(caller, end), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            .Unwrap()));
        var elapsed = Stopwatch.GetElapsedTime(begun);
        var all = NewHistogram();
        foreach (var own in results) all.Add(own.Latencies);
        return new LoadResult(
            all.TotalCount / elapsed.TotalSeconds, Microseconds(all, 50), Microseconds(all, 99), results.Sum(own => own.TimedOut));
    }

    private async Task<(LongHistogram Latencies, long TimedOut)> CallAsync(int caller, long end)
    {
        var latencies = NewHistogram();
        var timedOut = 0L;
        var secret = caller * Stride % secrets;
        for (var begun = Stopwatch.GetTimestamp(); begun < end; secret = (secret + Stride) % secrets)
        {
            long now;
            try
            {
                if (!await check.IsValidAsync(caller, secret)) throw new InvalidOperationException($"{Name}: a good secret was refused.");
                now = Stopwatch.GetTimestamp();
                latencies.RecordValue(now - begun);
            }
            catch (TimeoutException)
            {
                now = Stopwatch.GetTimestamp();
                timedOut++;
            }

            begun = now;
        }

        return (latencies, timedOut);
    }

    private static LongHistogram NewHistogram() => new(1, MaxCallTicks, numberOfSignificantValueDigits: 2);

    private static double Microseconds(LongHistogram latencies, double percentile) =>
        latencies.GetValueAtPercentile(percentile) * 1e6 / Stopwatch.Frequency;
}
