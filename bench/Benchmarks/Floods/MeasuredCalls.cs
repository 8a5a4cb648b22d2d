namespace KeysCluster.Benchmarks.Floods;

/// <summary>The calls of a <see cref="MeasuredClient"/> in one round.</summary>
/// <param name="P99Microseconds">The 99th percentile of their latency.</param>
/// <param name="Count">The number of calls.</param>
/// <param name="Refused">The number of calls that did not accept the valid secret.</param>
internal sealed record MeasuredCalls(double P99Microseconds, int Count, int Refused);
