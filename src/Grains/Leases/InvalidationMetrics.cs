using System.Diagnostics;
using System.Diagnostics.Metrics;
using KeysCluster.Validation.Telemetry;

namespace KeysCluster.Grains.Leases;

/// <summary>How long changes wait for the caches of other processes. No tag identifies a process.</summary>
internal sealed class InvalidationMetrics
{
    private readonly Histogram<double> _waits;
    private readonly Histogram<double> _acknowledgements;

    public InvalidationMetrics(IMeterFactory meters)
    {
        var meter = KeysClusterMeter.Create(meters);
        _waits = KeysClusterMeter.CreateDuration(
            meter,
            "keys.invalidation.wait.duration",
            "How long changes that end validity waited until no cache could answer from before.");
        _acknowledgements = KeysClusterMeter.CreateDuration(
            meter,
            "keys.invalidation.acknowledgement.duration",
            "How long processes took to acknowledge that they have invalidated an entry.");
    }

    /// <summary>Records a wait, which was confirmed, or failed so that the caller gets 503.</summary>
    public void RecordWait(long startedAt, bool isConfirmed) =>
        _waits.Record(GetSeconds(startedAt), Tag("outcome", isConfirmed ? "confirmed" : "failed"));

    /// <summary>Records the answer of a process, or its failure.</summary>
    public void RecordAcknowledgement(long startedAt, Lease lease, bool isAcknowledged) => _acknowledgements.Record(
        GetSeconds(startedAt),
        Tag("holder", lease.Holder.Silo is null ? "client" : "silo"),
        Tag("outcome", isAcknowledged ? "acknowledged" : "failed"));

    private static double GetSeconds(long startedAt) => Stopwatch.GetElapsedTime(startedAt).TotalSeconds;

    private static KeyValuePair<string, object?> Tag(string key, string value) => new(key, value);
}
