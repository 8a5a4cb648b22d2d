using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using KeysCluster.Validation.Telemetry;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.VirtualKeys;

/// <summary>The duration of the endpoint <c>verify</c>, as the path <c>rest</c> of that of validations.</summary>
internal sealed class VerificationMetrics(IMeterFactory meters)
{
    private static readonly KeyValuePair<string, object?> PathTag = new("path", "rest");

    private static readonly KeyValuePair<string, object?>[] CodeTags =
    [
        .. Enum.GetNames<VerdictCode>().Select(name =>
            new KeyValuePair<string, object?>("code", JsonNamingPolicy.SnakeCaseLower.ConvertName(name))),
    ];

    private readonly Histogram<double> _durations =
        KeysClusterMeter.CreateValidationDuration(KeysClusterMeter.Create(meters));

    /// <summary>Records a verification from when its body was read to its verdict.</summary>
    public void Record(VerdictCode code, long startedAt) =>
        _durations.Record(Stopwatch.GetElapsedTime(startedAt).TotalSeconds, PathTag, CodeTags[(int)code]);
}
