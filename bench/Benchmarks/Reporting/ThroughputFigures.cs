namespace KeysCluster.Benchmarks.Reporting;

/// <summary>One load, at one concurrency.</summary>
internal sealed record ThroughputFigures
{
    public required string Name { get; init; }

    public required int Concurrency { get; init; }

    public required Spread PerSecond { get; init; }

    public required Spread P50Microseconds { get; init; }

    public required Spread P99Microseconds { get; init; }

    /// <summary>The number of calls that timed out, in all rounds.</summary>
    public long TimedOut { get; init; }
}
