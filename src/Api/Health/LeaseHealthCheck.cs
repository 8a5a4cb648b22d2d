using KeysCluster.Api.Cluster;
using KeysCluster.Validation.Leases;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KeysCluster.Api.Health;

/// <summary>
/// Whether this process can answer validations. With a lease, it answers cached ones whatever else is unavailable.
/// Without one, a front end sends each validation to a silo. The renewals of the lease show whether the database
/// answers, and calls show whether silos do, so the check calls nothing.
/// </summary>
/// <param name="lease">The lease of this process.</param>
/// <param name="silos">The silos that a front end calls; null in a silo, which answers nothing without a lease.</param>
internal sealed class LeaseHealthCheck(ILease lease, SiloReachability? silos = null) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(Check());

    private HealthCheckResult Check()
    {
        if (lease.Epoch != 0)
        {
            return lease.IsRenewalFailing
                ? HealthCheckResult.Degraded("Storage does not answer; only cached secrets are validated.")
                : HealthCheckResult.Healthy();
        }

        if (silos is null) return HealthCheckResult.Unhealthy("There is no valid lease to validate secrets.");
        return silos.IsReachable
            ? HealthCheckResult.Degraded("There is no valid lease; a silo is called for each validation.")
            : HealthCheckResult.Unhealthy("There is no valid lease to validate secrets, and no silo responds.");
    }
}
