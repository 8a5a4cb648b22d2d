namespace KeysCluster.Benchmarks.Reporting;

/// <summary>
/// A silo that starts after an outage in which many erasures became due. Times start when the silo is ready.
/// </summary>
internal sealed record CatchUpFigures
{
    public required int Overdue { get; init; }

    public required double FirstAfterSeconds { get; init; }

    public required double HalfAfterSeconds { get; init; }

    public required double AllAfterSeconds { get; init; }

    /// <summary>Creations of keys over HTTP until all erasures are done.</summary>
    public required LatencyFigures During { get; init; }

    /// <summary>Creations of keys over HTTP after that.</summary>
    public required LatencyFigures After { get; init; }
}
