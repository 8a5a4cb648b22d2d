namespace KeysCluster.Benchmarks.Reporting;

/// <summary>The latency of requests, and the number of failed ones.</summary>
internal sealed record LatencyFigures
{
    public required int Requests { get; init; }

    public required int Failed { get; init; }

    public required double P50Milliseconds { get; init; }

    public required double P99Milliseconds { get; init; }

    public required double MaxMilliseconds { get; init; }
}
