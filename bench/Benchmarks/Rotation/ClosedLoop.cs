using System.Diagnostics;

namespace KeysCluster.Benchmarks.Rotation;

/// <summary>Changes a number of keys, each once, by workers that begin their next change when the last has ended.</summary>
internal static class ClosedLoop
{
    public const int MaxConcurrency = 16;

    public static async Task<LoopResult> RunAsync(IRotation rotation, int keys, int concurrency, int pass)
    {
        var latencies = new TimeSpan[keys];
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, concurrency).Select(worker => Task.Run(() => WorkAsync(worker))));
        return new LoopResult(latencies, Stopwatch.GetElapsedTime(start));

        async Task WorkAsync(int worker)
        {
            for (var key = worker; key < keys; key += concurrency)
            {
                var begun = Stopwatch.GetTimestamp();
                await rotation.RotateAsync(worker, key, pass);
                latencies[key] = Stopwatch.GetElapsedTime(begun);
            }
        }
    }
}

/// <summary>How long each change took, and all of them together.</summary>
internal sealed record LoopResult(IReadOnlyList<TimeSpan> Latencies, TimeSpan Elapsed)
{
    public double PerSecond => Latencies.Count / Elapsed.TotalSeconds;
}
