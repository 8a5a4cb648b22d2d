namespace KeysCluster.Benchmarks.Reporting;

/// <summary>Loads that were measured in the same rounds, and the ratios between them.</summary>
internal sealed record ComparedLoads
{
    public required IReadOnlyList<ThroughputFigures> Loads { get; init; }

    public required IReadOnlyList<LoadRatio> Ratios { get; init; }
}
