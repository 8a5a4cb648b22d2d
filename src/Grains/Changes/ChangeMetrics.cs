using System.Diagnostics;
using System.Diagnostics.Metrics;
using KeysCluster.Grains.SecretHolders;
using KeysCluster.Validation.Telemetry;

namespace KeysCluster.Grains.Changes;

/// <summary>
/// The metrics of changes, on the meter <see cref="KeysClusterMeter.Name"/>. No tag identifies a key or a project.
/// </summary>
internal sealed class ChangeMetrics
{
    private readonly Counter<long> _changes;
    private readonly Histogram<double> _durations;
    private long _erasures;
    private long _rehashes;

    /// <summary>Creates the instruments on a meter of the host's factory.</summary>
    public ChangeMetrics(IMeterFactory meters)
    {
        var meter = KeysClusterMeter.Create(meters);
        _changes = meter.CreateCounter<long>("keys.changes", "{change}", "Durable changes by action.");
        meter.CreateObservableCounter(
            "keys.erasures", () => Interlocked.Read(ref _erasures), "{secret}", "Hashes of expired secrets erased.");
        meter.CreateObservableCounter(
            "keys.rehashes",
            () => Interlocked.Read(ref _rehashes),
            "{secret}",
            "Secrets rehashed under another pepper.");
        _durations = KeysClusterMeter.CreateDuration(
            meter,
            "keys.change.duration",
            "Duration of changes by action, without those that failed, until they are in effect everywhere.");
    }

    /// <summary>Records keys that were created together, which are acknowledged to their caller now.</summary>
    public void CountImport(int keys, long startedAt)
    {
        _changes.Add(keys, Tag("action", EventTypes.Created));
        RecordDuration(EventTypes.Created, startedAt);
    }

    public void CountChange(string action) => _changes.Add(1, Tag("action", action));

    /// <summary>Records a change that is acknowledged to its caller now.</summary>
    public void RecordDuration(string action, long startedAt) =>
        _durations.Record(Stopwatch.GetElapsedTime(startedAt).TotalSeconds, Tag("action", action));

    public void CountErasedSecrets(int secrets) => Interlocked.Add(ref _erasures, secrets);

    public void CountRehashedSecrets(int secrets) => Interlocked.Add(ref _rehashes, secrets);

    private static KeyValuePair<string, object?> Tag(string key, string value) => new(key, value);
}
