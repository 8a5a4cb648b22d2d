using System.Diagnostics;
using System.Diagnostics.Metrics;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Validation.Telemetry;

/// <summary>
/// The metrics of validations. A verdict is counted in the process that asked for it: a silo, or a client. No tag
/// identifies a key or a project.
/// </summary>
internal sealed class ValidationMetrics
{
    private static readonly KeyValuePair<string, object?>[] CodeTags = MetricTag.CreateAll<VerdictCode>("code");

    private static readonly KeyValuePair<string, object?>[] PathTags = MetricTag.CreateAll<ValidationPath>("path");

    private readonly Meter _meter;
    private readonly VerdictCounts _counts = new();
    private readonly Histogram<double> _durations;

    public ValidationMetrics(IMeterFactory meters)
    {
        _meter = KeysClusterMeter.Create(meters);
        _durations = KeysClusterMeter.CreateValidationDuration(_meter);
        _meter.CreateObservableCounter(
            "keys.validations", MeasureVerdicts, "{validation}", "Validations by path and verdict.");
    }

    /// <summary>
    /// Returns the start of a validation that may be answered from the cache; 0 if its duration is not measured. To
    /// read the clock for each of them would cost a tenth of a cached validation.
    /// </summary>
    public long StartSampled() => _durations.Enabled && _counts.TrySample() ? Stopwatch.GetTimestamp() : 0;

    /// <summary>Returns the start of a validation that the cache does not answer.</summary>
    public long Start() => _durations.Enabled ? Stopwatch.GetTimestamp() : 0;

    /// <summary>Counts a verdict, and records the duration of the validation if it is measured.</summary>
    /// <param name="path">How the verdict was determined.</param>
    /// <param name="code">The verdict.</param>
    /// <param name="startedAt">
    /// What <see cref="StartSampled"/> or <see cref="Start"/> returned; 0 if the duration is not measured.
    /// </param>
    public void Record(ValidationPath path, VerdictCode code, long startedAt = 0)
    {
        _counts.Increment(path, code);
        if (startedAt == 0) return;
        _durations.Record(
            Stopwatch.GetElapsedTime(startedAt).TotalSeconds, PathTags[(int)path], CodeTags[(int)code]);
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

    private IEnumerable<Measurement<long>> MeasureVerdicts() =>
        from path in Enum.GetValues<ValidationPath>()
        from code in Enum.GetValues<VerdictCode>()
        let count = _counts.Read(path, code)
        where count > 0 || IsAlwaysPublished(path, code)
        select new Measurement<long>(count, PathTags[(int)path], CodeTags[(int)code]);

    /// <summary>
    /// A rate is computed from two values, so a series that alerts depend on must begin at 0.
    /// </summary>
    private static bool IsAlwaysPublished(ValidationPath path, VerdictCode code) => (path, code) is
        (ValidationPath.Cache, VerdictCode.Active)
        or (ValidationPath.Storage or ValidationPath.Silo, VerdictCode.Unavailable);

    private void Observe<T>(string name, string unit, string description, string kind, Func<T> count)
        where T : struct
    {
        var tag = new KeyValuePair<string, object?>("kind", kind);
        _meter.CreateObservableGauge(name, () => new Measurement<T>(count(), tag), unit, description);
    }
}
