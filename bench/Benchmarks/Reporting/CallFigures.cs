namespace KeysCluster.Benchmarks.Reporting;

/// <summary>A call, and its ratio to another call.</summary>
internal sealed record CallFigures
{
    public required string Name { get; init; }

    /// <summary>The name of the call to compare with.</summary>
    public required string Baseline { get; init; }

    public required Spread OverBaseline { get; init; }

    public required Spread Nanoseconds { get; init; }

    /// <summary>The allocations in the process of the caller.</summary>
    public required long AllocatedBytes { get; init; }
}
