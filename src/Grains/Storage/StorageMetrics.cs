using System.Diagnostics;
using System.Diagnostics.Metrics;
using KeysCluster.Validation.Telemetry;

namespace KeysCluster.Grains.Storage;

/// <summary>The durations of writes of states. No tag identifies a key or a project.</summary>
internal sealed class StorageMetrics
{
    private static readonly KeyValuePair<string, object?>[] OutcomeTags = MetricTag.CreateAll<WriteOutcome>("outcome");

    private readonly Histogram<double> _writes;
    private readonly long[] _failures = new long[Enum.GetValues<WriteOutcome>().Length];

    public StorageMetrics(IMeterFactory meters)
    {
        var meter = KeysClusterMeter.Create(meters);
        _writes = KeysClusterMeter.CreateDuration(
            meter, "keys.storage.write.duration", "Duration of writes of states by kind and outcome.");
        meter.CreateObservableCounter(
            "keys.storage.writes.failed", MeasureFailures, "{write}", "Writes of states that did not succeed.");
    }

    /// <summary>Records a write of a state with the name <paramref name="stateName"/>.</summary>
    public void RecordWrite(string stateName, WriteOutcome outcome, long startedAt)
    {
        if (outcome != WriteOutcome.Written) Interlocked.Increment(ref _failures[(int)outcome]);
        var kind = new KeyValuePair<string, object?>("kind", StorageNames.GetGrainTypeName(stateName));
        _writes.Record(Stopwatch.GetElapsedTime(startedAt).TotalSeconds, kind, OutcomeTags[(int)outcome]);
    }

    private IEnumerable<Measurement<long>> MeasureFailures() =>
        from outcome in Enum.GetValues<WriteOutcome>()
        where outcome != WriteOutcome.Written
        select new Measurement<long>(Interlocked.Read(ref _failures[(int)outcome]), OutcomeTags[(int)outcome]);
}
