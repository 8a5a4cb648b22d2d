using System.Diagnostics.Metrics;
using KeysCluster.Validation.Telemetry;

namespace KeysCluster.Api.RateLimiting;

/// <summary>Counts what the limits refuse. No tag identifies a caller.</summary>
internal sealed class RateLimitMetrics
{
    /// <summary>The limit of requests of one address at the same time.</summary>
    public const string Concurrency = "concurrency";

    /// <summary>The limit of connections of one address.</summary>
    public const string Connections = "connections";

    private static readonly string[] Limits =
    [
        RateLimitPolicy.Management.Name,
        RateLimitPolicy.Protection.Name,
        RateLimitPolicy.Verification.Name,
        FailedAuthenticationLimiter.Name,
        InvalidVerificationLimiter.Name,
        Concurrency,
        Connections,
    ];

    private readonly long[] _counts = new long[Limits.Length];

    public RateLimitMetrics(IMeterFactory meters) => KeysClusterMeter.Create(meters).CreateObservableCounter(
        "keys.rate_limits.rejected", Measure, "{request}", "Requests and connections that a limit refused.");

    /// <summary>Counts a refusal.</summary>
    /// <param name="limit">The name of the limit.</param>
    public void Count(string limit) => Interlocked.Increment(ref _counts[Array.IndexOf(Limits, limit)]);

    private IEnumerable<Measurement<long>> Measure() => Limits.Select((limit, index) => new Measurement<long>(
        Interlocked.Read(ref _counts[index]),
        new KeyValuePair<string, object?>("limit", limit.Replace('-', '_'))));
}
