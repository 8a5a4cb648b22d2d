using System.Text.Json.Serialization;

namespace KeysCluster.Benchmarks.Reporting;

/// <summary>The revocations in one cluster.</summary>
internal sealed record RevokeLatencyFigures
{
    /// <summary>The <see cref="Cluster"/> in which all silos are healthy. Reports contain this value.</summary>
    public const string HealthyCluster = "well";

    /// <summary>The fault of one of the silos, or <see cref="HealthyCluster"/>.</summary>
    public required string Cluster { get; init; }

    public required int Silos { get; init; }

    /// <summary>
    /// The number of revocations. They are concurrent in a cluster with a fault, and sequential otherwise.
    /// </summary>
    public required int Revokes { get; init; }

    /// <summary>The number of revocations that were retried after a 503.</summary>
    [JsonPropertyName("sent_again")]
    public required int Retried { get; init; }

    public required double P50Milliseconds { get; init; }

    public required double P99Milliseconds { get; init; }

    public required double MaxMilliseconds { get; init; }
}
