namespace KeysCluster.Benchmarks.Reporting;

/// <summary>One kind of change, at one concurrency.</summary>
internal sealed record LoadFigures
{
    public required string Name { get; init; }

    /// <summary>Whether the changes are the first or the second ones of their keys.</summary>
    public required string Pass { get; init; }

    public required int Concurrency { get; init; }

    public required Spread ThroughputOverBaseline { get; init; }

    public required Spread PerSecond { get; init; }

    public required double P50Milliseconds { get; init; }

    public required double P99Milliseconds { get; init; }
}
