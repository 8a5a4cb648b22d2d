using System.Diagnostics;
using System.Diagnostics.Metrics;
using KeysCluster.Validation.Telemetry;

namespace KeysCluster.Grains.Changes;

/// <summary>
/// The metrics of changes, on the meter <see cref="KeysClusterMeter.Name"/>. No tag identifies a key or a project.
/// </summary>
internal sealed class ChangeMetrics
{
    private readonly Counter<long> _changes;
    private readonly Counter<long> _erasures;
    private readonly Counter<long> _rehashes;
    private readonly Histogram<double> _durations;

    /// <summary>Creates the instruments on a meter of the host's factory.</summary>
    public ChangeMetrics(IMeterFactory meters)
    {
        var meter = KeysClusterMeter.Create(meters);
        _changes = meter.CreateCounter<long>("keys.changes", "{change}", "Durable changes by action.");
        _erasures = meter.CreateCounter<long>("keys.erasures", "{secret}", "Hashes of expired secrets erased.");
        _rehashes = meter.CreateCounter<long>("keys.rehashes", "{secret}", "Secrets rehashed under another pepper.");
        _durations = KeysClusterMeter.CreateDuration(
            meter,
            "keys.change.duration",
            "Duration of changes by action, without those that failed, until they are in effect everywhere.");
    }

    public void CountChange(string action) => _changes.Add(1, Tag("action", action));

    /// <summary>Records a change that is acknowledged to its caller now.</summary>
    public void RecordDuration(string action, long startedAt) =>
        _durations.Record(Stopwatch.GetElapsedTime(startedAt).TotalSeconds, Tag("action", action));

    public void CountErasedSecrets(int secrets) => _erasures.Add(secrets);

    public void CountRehashedSecrets(int secrets) => _rehashes.Add(secrets);

    private static KeyValuePair<string, object?> Tag(string key, string value) => new(key, value);
}
