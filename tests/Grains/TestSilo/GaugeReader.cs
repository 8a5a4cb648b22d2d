using System.Diagnostics.Metrics;
using KeysCluster.Validation.Telemetry;

namespace KeysCluster.Grains.Tests.TestSilo;

internal static class GaugeReader
{
    /// <summary>Returns the current value of a gauge of KeysCluster.</summary>
    /// <param name="meters">The meters of one host.</param>
    /// <param name="name">The name of the gauge.</param>
    /// <param name="kind">The value of the tag <c>kind</c>; null for a gauge without it.</param>
    public static long Read(IMeterFactory meters, string name, string? kind = null)
    {
        List<long> values = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                var isFromHost = instrument.Meter.Name == KeysClusterMeter.Name && instrument.Meter.Scope == meters;
                if (isFromHost && instrument.Name == name) listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<int>((_, value, tags, _) => Add(value, tags));
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => Add(value, tags));
        listener.Start();
        listener.RecordObservableInstruments();
        return Assert.Single(values);

        void Add(long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (FindKind(tags) == kind) values.Add(value);
        }
    }

    private static string? FindKind(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var (name, value) in tags)
            if (name == "kind") return (string?)value;
        return null;
    }
}
