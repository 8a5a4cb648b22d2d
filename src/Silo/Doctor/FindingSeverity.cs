using System.Text.Json.Serialization;

namespace KeysCluster.Silo.Doctor;

/// <summary>How serious a finding is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FindingSeverity>))]
public enum FindingSeverity
{
    /// <summary>The check found no problem.</summary>
    [JsonStringEnumMemberName("ok")]
    Ok,

    /// <summary>The check does not apply, or needs something that is missing.</summary>
    [JsonStringEnumMemberName("skipped")]
    Skipped,

    /// <summary>The service works, but less safely than it can, or not for much longer.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning,

    /// <summary>The service does not start, does not work, or breaks one of its guarantees.</summary>
    [JsonStringEnumMemberName("error")]
    Error,
}
