using KeysCluster.Validation.Leases;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KeysCluster.Api.Health;

/// <summary>
/// Whether this process can answer validations: while it has a lease, it answers cached ones whatever else is
/// unavailable. The renewals of the lease show whether the database answers, so the check calls nothing.
/// </summary>
internal sealed class LeaseHealthCheck(ILease lease) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (lease.Epoch == 0)
            return Task.FromResult(HealthCheckResult.Unhealthy("There is no valid lease to validate secrets."));
        return Task.FromResult(lease.IsRenewalFailing
            ? HealthCheckResult.Degraded("Storage does not answer; only cached secrets are validated.")
            : HealthCheckResult.Healthy());
    }
}
