using System.Diagnostics.Metrics;
using KeysCluster.Validation.Telemetry;

namespace KeysCluster.Grains.Changes;

/// <summary>
/// Counters of changes, on the meter <see cref="KeysClusterMeter.Name"/>. No tag identifies a key or a project.
/// </summary>
internal sealed class ChangeMetrics
{
    private readonly Counter<long> _changes;
    private readonly Counter<long> _erasures;
    private readonly Counter<long> _rehashes;

    /// <summary>Creates the instruments on a meter of the host's factory.</summary>
    public ChangeMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(KeysClusterMeter.Name);
        _changes = meter.CreateCounter<long>("keys.changes", "{change}", "Durable changes by action.");
        _erasures = meter.CreateCounter<long>("keys.erasures", "{secret}", "Hashes of expired secrets erased.");
        _rehashes = meter.CreateCounter<long>("keys.rehashes", "{secret}", "Secrets rehashed under another pepper.");
    }

    public void CountChange(string action) => _changes.Add(1, new KeyValuePair<string, object?>("action", action));

    public void CountErasedSecrets(int secrets) => _erasures.Add(secrets);

    public void CountRehashedSecrets(int secrets) => _rehashes.Add(secrets);
}
