using System.Diagnostics.Metrics;
using KeysCluster.Validation.Leases;

namespace KeysCluster.Validation.Telemetry;

/// <summary>The metrics of the lease of this process.</summary>
internal static class LeaseMetrics
{
    /// <summary>Publishes the state of a lease.</summary>
    public static void Observe(IMeterFactory meters, LeaseRenewer lease)
    {
        var meter = KeysClusterMeter.Create(meters);
        meter.CreateObservableGauge(
            "keys.lease.valid",
            () => lease.Epoch == 0 ? 0 : 1,
            "{lease}",
            "1 while the process has a lease and answers from its cache, otherwise 0.");
        meter.CreateObservableGauge(
            "keys.lease.failing",
            () => lease.IsRenewalFailing ? 1 : 0,
            "{lease}",
            "1 if the last attempt to renew or acquire the lease failed, otherwise 0.");
        meter.CreateObservableGauge(
            "keys.lease.age",
            () => lease.Age is { } age ? [new Measurement<double>(age.TotalSeconds)] : (Measurement<double>[])[],
            "s",
            "Time since the process last applied the event log to its cache and renewed its lease.");
        meter.CreateObservableCounter(
            "keys.leases.lost", () => lease.LostCount, "{lease}", "Leases that expired or were given up.");
    }
}
