using System.Diagnostics.Metrics;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains;

/// <summary>What the grains count, on the meter <c>KeysCluster</c>. No tag names a key or a project.</summary>
public sealed class KeysInstruments
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "KeysCluster";

    /// <summary>Made once: a tag that is made for each count would cost an allocation each.</summary>
    private static readonly KeyValuePair<string, object?>[] CodeTags =
        [.. Enum.GetValues<VerdictCode>().Select(code => new KeyValuePair<string, object?>("code", code))];

    private readonly Counter<long> _validations;
    private readonly Counter<long> _changes;
    private readonly Counter<long> _erased;

    /// <summary>Creates the instruments on a meter of the host's factory.</summary>
    public KeysInstruments(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _validations = meter.CreateCounter<long>("keys.validations", "{validation}", "Validations by verdict.");
        _changes = meter.CreateCounter<long>("keys.changes", "{change}", "Durable changes by action.");
        _erased = meter.CreateCounter<long>("keys.erasures", "{secret}", "Hashes of ended secrets erased from storage.");
    }

    internal void Validated(VerdictCode code)
    {
        if (_validations.Enabled) _validations.Add(1, CodeTags[(int)code]);
    }

    internal void Changed(string action) => _changes.Add(1, new KeyValuePair<string, object?>("action", action));

    internal void Erased(int secrets) => _erased.Add(secrets);
}
