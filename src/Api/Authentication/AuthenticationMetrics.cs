using System.Diagnostics.Metrics;
using System.Text.Json;
using KeysCluster.Api.Errors;
using KeysCluster.Validation.Telemetry;

namespace KeysCluster.Api.Authentication;

/// <summary>
/// Counters of authentications and of requests that are refused with 403, on the meter
/// <see cref="KeysClusterMeter.Name"/>. No tag identifies a key or a client.
/// </summary>
internal sealed class AuthenticationMetrics
{
    /// <summary>Created once, because a tag that is created for each count would allocate.</summary>
    private static readonly KeyValuePair<string, object?>[] OutcomeTags = CreateTags<AuthenticationOutcome>("outcome");

    private static readonly KeyValuePair<string, object?>[] ReasonTags = CreateTags<RefusalReason>("reason");

    private readonly Counter<long> _authentications;
    private readonly Counter<long> _refusals;

    public AuthenticationMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(KeysClusterMeter.Name);
        _authentications = meter.CreateCounter<long>(
            "keys.authentications", "{authentication}", "Authentications of requests by outcome.");
        _refusals = meter.CreateCounter<long>(
            "keys.authorizations.refused", "{request}", "Requests refused with 403 by reason.");
    }

    public void CountAuthentication(AuthenticationOutcome outcome) =>
        _authentications.Add(1, OutcomeTags[(int)outcome]);

    public void CountRefusal(RefusalReason reason) => _refusals.Add(1, ReasonTags[(int)reason]);

    /// <summary>Returns the value of the tag, which log messages contain too.</summary>
    public static string GetName(AuthenticationOutcome outcome) => (string)OutcomeTags[(int)outcome].Value!;

    /// <inheritdoc cref="GetName(AuthenticationOutcome)"/>
    public static string GetName(RefusalReason reason) => (string)ReasonTags[(int)reason].Value!;

    private static KeyValuePair<string, object?>[] CreateTags<T>(string key)
        where T : struct, Enum =>
    [
        .. Enum.GetNames<T>().Select(name =>
            new KeyValuePair<string, object?>(key, JsonNamingPolicy.SnakeCaseLower.ConvertName(name))),
    ];
}
