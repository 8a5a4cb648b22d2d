using System.Diagnostics.Metrics;
using KeysCluster.Validation.Telemetry;

namespace KeysCluster.Grains.Tests.TestSilo;

/// <summary>Reads the observable instruments of one host.</summary>
internal static class MetricReader
{
    /// <summary>
    /// Returns the values of an instrument by the values of its tags, which are separated by spaces, without those
    /// that are 0.
    /// </summary>
    /// <param name="meters">The meters of the host.</param>
    /// <param name="name">The name of the instrument.</param>
    public static SortedDictionary<string, long> Read(IMeterFactory meters, string name)
    {
        var values = new SortedDictionary<string, long>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                var isFromHost = instrument.Meter.Name == KeysClusterMeter.Name && instrument.Meter.Scope == meters;
                if (isFromHost && instrument.Name == name) listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            if (value != 0) values.Add(Format(tags), value);
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return values;
    }

    private static string Format(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var values = new List<string>();
        foreach (var tag in tags) values.Add(Assert.IsType<string>(tag.Value));
        return string.Join(' ', values);
    }
}
