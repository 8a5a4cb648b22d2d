namespace KeysCluster.Benchmarks.Rotation;

/// <summary>The latency of each change, and the duration of all changes together.</summary>
internal sealed record LoopResult(IReadOnlyList<TimeSpan> Latencies, TimeSpan Elapsed)
{
    public double PerSecond => Latencies.Count / Elapsed.TotalSeconds;
}
