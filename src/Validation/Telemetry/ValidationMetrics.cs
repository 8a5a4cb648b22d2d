using System.Diagnostics.Metrics;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Validation.Telemetry;

/// <summary>
/// The metrics of validations. A verdict is counted in the process that asked for it: a silo, or a client. No tag
/// identifies a key or a project.
/// </summary>
internal sealed class ValidationMetrics
{
    /// <summary>Created once, because a tag that is created for each count would allocate.</summary>
    private static readonly KeyValuePair<string, object?>[] CodeTags =
        [.. Enum.GetValues<VerdictCode>().Select(code => new KeyValuePair<string, object?>("code", code))];

    private readonly Meter _meter;
    private readonly Counter<long> _validations;

    public ValidationMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(KeysClusterMeter.Name);
        _validations = _meter.CreateCounter<long>("keys.validations", "{validation}", "Validations by verdict.");
    }

    public void CountVerdict(VerdictCode code)
    {
        if (_validations.Enabled) _validations.Add(1, CodeTags[(int)code]);
    }

    /// <summary>Publishes the entries of a cache, the memory that they take, and its fills in progress.</summary>
    public void ObserveCache(string kind, Func<int> entries, Func<long> bytes, Func<int> fills)
    {
        Observe("keys.cache.entries", "{entry}", "Keys and projects in the validation cache.", kind, entries);
        Observe("keys.cache.size", "By", "Estimated memory of the validation cache.", kind, bytes);
        Observe("keys.cache.fills", "{fill}", "Reads and writes in progress that may fill the cache.", kind, fills);
    }

    /// <summary>Publishes the number of keys or projects that are being read from storage for a validation.</summary>
    public void ObserveQueuedReads(string kind, Func<int> count) =>
        Observe("keys.reads.queued", "{read}", "Reads of storage for validations.", kind, count);

    /// <summary>Publishes the number of uses that wait to be reported.</summary>
    public void ObserveQueuedUsageReports(Func<int> count) => _meter.CreateObservableGauge(
        "keys.usage_reports.queued", count, "{report}", "Uses of secrets that wait to be reported to grains.");

    private void Observe<T>(string name, string unit, string description, string kind, Func<T> count)
        where T : struct
    {
        var tag = new KeyValuePair<string, object?>("kind", kind);
        _meter.CreateObservableGauge(name, () => new Measurement<T>(count(), tag), unit, description);
    }
}
