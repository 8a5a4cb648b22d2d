namespace KeysCluster.Benchmarks.Reporting;

/// <summary>Rotations and bare updates on one PostgreSQL.</summary>
internal sealed record RotationFigures
{
    /// <summary>
    /// The size of a key's state after one rotation and after two, which is what the bare updates write.
    /// </summary>
    public required IReadOnlyList<int> PayloadBytes { get; init; }

    /// <summary>The name of the bare updates.</summary>
    public required string Baseline { get; init; }

    public required IReadOnlyList<LoadFigures> Loads { get; init; }
}
