using System.Text.Json.Serialization;

namespace KeysCluster.Benchmarks.Reporting;

/// <summary>The time until a revocation over HTTP returns 200.</summary>
internal sealed record RevokeFigures
{
    public required double LeaseMilliseconds { get; init; }

    /// <summary>Clusters in which all silos are healthy.</summary>
    [JsonPropertyName("well")]
    public required IReadOnlyList<RevokeLatencyFigures> Healthy { get; init; }

    /// <summary>Clusters in which a silo has just failed.</summary>
    [JsonPropertyName("lost")]
    public required IReadOnlyList<RevokeLatencyFigures> Faulted { get; init; }
}
