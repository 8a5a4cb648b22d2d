using System.Text.Json.Serialization;
using KeysCluster.Benchmarks.Reporting;

namespace KeysCluster.Benchmarks.Scale;

/// <summary>Validations of cached keys during a flood of other validations.</summary>
internal sealed record FloodFigures
{
    public required string Name { get; init; }

    /// <summary>The ratio of the 99th percentiles with and without the flood, in each round.</summary>
    [JsonPropertyName("p99_over_calm")]
    public required Spread P99OverBaseline { get; init; }

    /// <summary>The 99th percentile without the flood.</summary>
    [JsonPropertyName("calm_p99_nanoseconds")]
    public required Spread BaselineP99Nanoseconds { get; init; }

    public required Spread P99Nanoseconds { get; init; }

    /// <summary>The validations of the flood.</summary>
    public required Spread FloodPerSecond { get; init; }
}
