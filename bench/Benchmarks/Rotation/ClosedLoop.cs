using System.Diagnostics;

namespace KeysCluster.Benchmarks.Rotation;

/// <summary>
/// Changes each of a number of keys once. Each worker starts its next change when its previous one has ended.
/// </summary>
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
                var changeStart = Stopwatch.GetTimestamp();
                await rotation.RotateAsync(worker, key, pass);
                latencies[key] = Stopwatch.GetElapsedTime(changeStart);
            }
        }
    }
}
