using System.Text.Json;

namespace KeysCluster.Validation.Telemetry;

/// <summary>Creates the tags of metrics. A value is a text of a closed set, in the spelling of the API.</summary>
internal static class MetricTag
{
    /// <summary>
    /// Returns a tag for each member of an enumeration whose values are 0, 1, 2 and so on. Create them once: a tag that
    /// is created for each measurement allocates.
    /// </summary>
    public static KeyValuePair<string, object?>[] CreateAll<T>(string key)
        where T : struct, Enum =>
    [
        .. Enum.GetNames<T>().Select(name =>
            new KeyValuePair<string, object?>(key, JsonNamingPolicy.SnakeCaseLower.ConvertName(name))),
    ];
}
