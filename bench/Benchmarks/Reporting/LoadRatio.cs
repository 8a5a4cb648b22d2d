namespace KeysCluster.Benchmarks.Reporting;

/// <summary>The ratio of two throughputs, at one concurrency.</summary>
internal sealed record LoadRatio(string Name, int Concurrency, Spread Ratio);
