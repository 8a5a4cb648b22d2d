using System.Diagnostics.Metrics;
using System.Text.Json;
using KeysCluster.Api.Errors;
using KeysCluster.Projects;
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

    private readonly long[] _authentications = new long[OutcomeTags.Length];
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _missingPermissions;

    public AuthenticationMetrics(IMeterFactory meters)
    {
        var meter = KeysClusterMeter.Create(meters);
        meter.CreateObservableCounter(
            "keys.authentications",
            MeasureAuthentications,
            "{authentication}",
            "Authentications of requests by outcome.");
        _refusals = meter.CreateCounter<long>(
            "keys.authorizations.refused", "{request}", "Requests refused with 403 by reason.");
        _missingPermissions = meter.CreateCounter<long>(
            "keys.permissions.missing", "{permission}", "Permissions that callers of refused requests lacked.");
    }

    public void CountAuthentication(AuthenticationOutcome outcome) =>
        Interlocked.Increment(ref _authentications[(int)outcome]);

    /// <summary>Counts a request that was refused with 403.</summary>
    /// <param name="reason">The reason.</param>
    /// <param name="missingPermissions">The permissions that the caller lacks.</param>
    public void CountRefusal(RefusalReason reason, IReadOnlyList<string> missingPermissions)
    {
        _refusals.Add(1, ReasonTags[(int)reason]);
        foreach (var permission in missingPermissions.Intersect(ApiKeyPermissions.All))
            _missingPermissions.Add(1, new KeyValuePair<string, object?>("permission", permission));
    }

    /// <summary>Returns the value of the tag, which log messages contain too.</summary>
    public static string GetName(AuthenticationOutcome outcome) => (string)OutcomeTags[(int)outcome].Value!;

    /// <inheritdoc cref="GetName(AuthenticationOutcome)"/>
    public static string GetName(RefusalReason reason) => (string)ReasonTags[(int)reason].Value!;

    private IEnumerable<Measurement<long>> MeasureAuthentications() => OutcomeTags.Select((tag, outcome) =>
        new Measurement<long>(Interlocked.Read(ref _authentications[outcome]), tag));

    private static KeyValuePair<string, object?>[] CreateTags<T>(string key)
        where T : struct, Enum =>
    [
        .. Enum.GetNames<T>().Select(name =>
            new KeyValuePair<string, object?>(key, JsonNamingPolicy.SnakeCaseLower.ConvertName(name))),
    ];
}
