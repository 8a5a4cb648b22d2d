using System.Diagnostics.Metrics;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Validation;

/// <summary>
/// Counts validations by verdict (<c>keys.validations</c>) in the process that finds the verdict: a silo, or a client for what
/// it answers from its memory or cannot find out. No tag names a key or a project.
/// </summary>
internal sealed class ValidationCounter(IMeterFactory meters)
{
    /// <summary>Made once: a tag that is made for each count would cost an allocation each.</summary>
    private static readonly KeyValuePair<string, object?>[] CodeTags =
        [.. Enum.GetValues<VerdictCode>().Select(code => new KeyValuePair<string, object?>("code", code))];

    private readonly Counter<long> _validations = meters.Create(ValidatorServices.MeterName)
        .CreateCounter<long>("keys.validations", "{validation}", "Validations by verdict.");

    public void Add(VerdictCode code)
    {
        if (_validations.Enabled) _validations.Add(1, CodeTags[(int)code]);
    }
}
