using KeysCluster.Benchmarks.Reporting;

namespace KeysCluster.Benchmarks.Scale;

/// <summary>One operation on a silo with few keys, and on one with many.</summary>
internal sealed record GrowthFigures
{
    public required string Name { get; init; }

    /// <summary>The ratio of the medians of each round.</summary>
    public required Spread ManyOverFew { get; init; }

    public required Spread FewMilliseconds { get; init; }

    public required Spread ManyMilliseconds { get; init; }
}
