namespace KeysCluster.Benchmarks.Loads;

/// <summary>The result of a load.</summary>
/// <param name="PerSecond">The completed calls per second.</param>
/// <param name="P50Microseconds">The median latency of the completed calls.</param>
/// <param name="P99Microseconds">The 99th percentile of their latency.</param>
/// <param name="TimedOut">The number of calls that timed out.</param>
internal sealed record LoadResult(double PerSecond, double P50Microseconds, double P99Microseconds, long TimedOut = 0);
