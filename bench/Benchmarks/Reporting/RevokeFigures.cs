namespace KeysCluster.Benchmarks.Reporting;

/// <summary>How long it takes until a revoke is answered with 200, over HTTP.</summary>
internal sealed record RevokeFigures
{
    public required double LeaseMilliseconds { get; init; }

    /// <summary>Clusters of which every silo is well.</summary>
    public required IReadOnlyList<RevokeLatencyFigures> Well { get; init; }

    /// <summary>Clusters of which one silo has just been lost.</summary>
    public required IReadOnlyList<RevokeLatencyFigures> Lost { get; init; }
}

/// <summary>Keys that were revoked in one cluster.</summary>
internal sealed record RevokeLatencyFigures
{
    public required string Cluster { get; init; }

    public required int Silos { get; init; }

    /// <summary>How many revokes; of clusters with a lost silo, all of them at once.</summary>
    public required int Revokes { get; init; }

    /// <summary>How many were answered with 503 before, and sent again.</summary>
    public required int SentAgain { get; init; }

    public required double P50Milliseconds { get; init; }

    public required double P99Milliseconds { get; init; }

    public required double MaxMilliseconds { get; init; }
}
