using KeysCluster.Benchmarks.Floods;
using KeysCluster.Benchmarks.Revoke;
using KeysCluster.Benchmarks.Scale;
using KeysCluster.Benchmarks.Verification;
using KeysCluster.Benchmarks.Webhooks;

namespace KeysCluster.Benchmarks.Reporting;

/// <summary>Selects the figures with targets from the results.</summary>
internal static class Headlines
{
    /// <summary>The concurrency of (d) and (e).</summary>
    private const int ReferenceConcurrency = 16;

    /// <summary>
    /// The growth that (f) allows: the difference between two runs of the same benchmark on one machine.
    /// </summary>
    private const double MaxGrowth = 1.25;

    /// <summary>The time that a revocation may take in addition to the lease that it waits for.</summary>
    private const double RevokeAllowanceMilliseconds = 1000;

    /// <summary>The latency over the usual one that (h) allows.</summary>
    private const double MaxFloodedLatency = 2;

    public static IReadOnlyList<Headline> From(BenchmarkReport report) =>
    [
        new("a_cached_validate_over_sha256", "time of a cached validation over one SHA-256 of its secret",
            2.0, Bound.AtMost, GetOverBaseline(report.Validation, "cached_validate")),
        new("a_permission_check_over_cached_validate",
            "time of a cached validation that requires a permission over one that does not",
            1.1, Bound.AtMost,
            GetOverBaseline(report.Validation, "cached_validate_with_permission")
                / GetOverBaseline(report.Validation, "cached_validate")),
        new("b_grain_validate_over_empty_call_in_process",
            "time of a validation by the key's grain over an empty grain call",
            1.3, Bound.AtMost, GetOverBaseline(report.GrainCalls, "grain_validate")),
        new("b_grain_validate_over_empty_call_client", "the same from another process",
            1.3, Bound.AtMost, GetOverBaseline(report.ClientCalls, "grain_validate")),
        new("c_cached_over_postgres", "cached validations over `SELECT`s of PostgreSQL, per second",
            30, Bound.AtLeast, GetLowestRatio(report.Peers, "cached_over_postgres")),
        new("c_cached_over_redis", "cached validations over `GET`s of Redis, per second",
            20, Bound.AtLeast, GetLowestRatio(report.Peers, "cached_over_redis")),
        new("c_grain_over_postgres", "validations by grains over `SELECT`s of PostgreSQL, per second",
            5, Bound.AtLeast, GetLowestRatio(report.Peers, "grain_over_postgres")),
        new("d_rotate_over_bare_update", "rotations over HTTP over bare `UPDATE`s, per second",
            0.3, Bound.AtLeast, GetRotationRatio(report.Rotation)),
        new("e_verify_over_empty_endpoint", "calls of `verify` over calls of an empty endpoint, per second",
            0.7, Bound.AtLeast, GetRatio(report.Verify, VerifyRounds.RatioName, ReferenceConcurrency)),
        .. FromScale(report.Scale),
        new("g_revoke_p50_ms", "p50 of a revocation over HTTP with three healthy silos, in ms",
            15, Bound.AtMost,
            report.Revoke?.Healthy.SingleOrDefault(cluster => cluster.Silos == 3)?.P50Milliseconds),
        new("g_revoke_worst_ms", "longest revocation over HTTP after a fault of a silo, in ms",
            RevokeRounds.LeaseDuration.TotalMilliseconds + RevokeAllowanceMilliseconds, Bound.AtMost,
            report.Revoke?.Faulted.Max(cluster => cluster.MaxMilliseconds)),
        .. FromFloods(report.Floods),
        new("i_rotate_beside_dead_webhooks_over_without",
            $"rotations over HTTP beside {WebhookRounds.WebhookCount} webhooks with dead endpoints over those without, "
                + "per second",
            0.98, Bound.AtLeast,
            report.Webhooks?.Rotations.Single(load => load.Name == WebhookRounds.OfOtherProjects)
                .ThroughputOverBaseline.Median),
        new("i_webhook_arrival_p50_ms",
            "p50 of the time from the response of a revocation to the arrival of its message at the endpoint, in ms",
            1000, Bound.AtMost, report.Webhooks?.Arrival.P50Milliseconds),
        new("j_observed_cached_validate_over_unobserved",
            "time of a cached validation with telemetry over one without",
            1.05, Bound.AtMost, GetOverBaseline(report.Observed, "observed_cached_validate")),
        new("j_observed_grain_validate_over_unobserved",
            "time of a validation by the key's grain with telemetry over one without",
            1.3, Bound.AtMost, GetOverBaseline(report.Observed, "observed_grain_validate")),
    ];

    private static IEnumerable<Headline> FromScale(ScaleFigures? scale) =>
        (scale?.Growth ?? []).Select(growth => new Headline(
            ScaleFigures.GetRatioName(growth), $"time of `{growth.Name}` with 1,000,000 keys over 1,000",
            MaxGrowth, Bound.AtMost, growth.ManyOverFew.Median));

    private static IEnumerable<Headline> FromFloods(IReadOnlyList<RestFloodFigures>? floods) =>
    [
        .. FloodKind.All.Where(kind => !kind.Control).Select(kind => new Headline(
            RestFloodFigures.GetRatioName(kind.Name),
            $"p99 of `verify` with a cached secret during the flood `{kind.Name}` over that without",
            MaxFloodedLatency, Bound.AtMost,
            floods?.SingleOrDefault(flood => flood.Name == kind.Name)?.P99OverBaseline.Median)),
        new("h_verify_refused", "calls of `verify` with a cached secret that were refused, in all rounds",
            0, Bound.AtMost, floods?.Sum(flood => flood.Refused)),
    ];

    private static double? GetOverBaseline(IReadOnlyList<CallFigures>? calls, string name) =>
        calls?.SingleOrDefault(call => call.Name == name)?.OverBaseline.Median;

    /// <summary>Returns the lowest ratio of all concurrencies.</summary>
    private static double? GetLowestRatio(ComparedLoads? loads, string name) =>
        loads?.Ratios.Where(ratio => ratio.Name == name).Min(ratio => ratio.Ratio.Median);

    private static double? GetRatio(ComparedLoads? loads, string name, int concurrency) =>
        loads?.Ratios.Single(ratio => (ratio.Name, ratio.Concurrency) == (name, concurrency)).Ratio.Median;

    /// <summary>
    /// Returns the ratio of the usual rotation: the first of its key in a grace period, which also writes the erasure
    /// reminder.
    /// </summary>
    private static double? GetRotationRatio(RotationFigures? figures) => figures?.Loads
        .Single(load => (load.Name, load.Pass, load.Concurrency) == ("rotate_http", "first", ReferenceConcurrency))
        .ThroughputOverBaseline.Median;
}
