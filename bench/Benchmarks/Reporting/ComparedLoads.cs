namespace KeysCluster.Benchmarks.Reporting;

/// <summary>Loads that were measured beside each other, and what they came to over each other.</summary>
internal sealed record ComparedLoads
{
    public required IReadOnlyList<ThroughputFigures> Loads { get; init; }

    public required IReadOnlyList<LoadRatio> Ratios { get; init; }
}

/// <summary>One load at one concurrency; each figure is of one round.</summary>
internal sealed record ThroughputFigures
{
    public required string Name { get; init; }

    public required int Concurrency { get; init; }

    public required Spread PerSecond { get; init; }

    public required Spread P50Microseconds { get; init; }

    public required Spread P99Microseconds { get; init; }

    /// <summary>In all rounds together.</summary>
    public long TimedOut { get; init; }
}

/// <summary>Throughput over throughput at one concurrency.</summary>
internal sealed record LoadRatio(string Name, int Concurrency, Spread Ratio);
