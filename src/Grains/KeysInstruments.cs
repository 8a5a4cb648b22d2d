using System.Diagnostics.Metrics;

namespace KeysCluster.Grains;

/// <summary>What changes of keys and projects count, on the meter of <see cref="ValidatorServices.MeterName"/>. No tag names either.</summary>
public sealed class KeysInstruments
{
    private readonly Counter<long> _changes;
    private readonly Counter<long> _erased;

    /// <summary>Creates the instruments on a meter of the host's factory.</summary>
    public KeysInstruments(IMeterFactory meters)
    {
        var meter = meters.Create(ValidatorServices.MeterName);
        _changes = meter.CreateCounter<long>("keys.changes", "{change}", "Durable changes by action.");
        _erased = meter.CreateCounter<long>("keys.erasures", "{secret}", "Hashes of ended secrets erased from storage.");
    }

    internal void Changed(string action) => _changes.Add(1, new KeyValuePair<string, object?>("action", action));

    internal void Erased(int secrets) => _erased.Add(secrets);
}
