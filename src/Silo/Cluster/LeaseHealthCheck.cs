using KeysCluster.Validation.Leases;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KeysCluster.Silo.Cluster;

/// <summary>Fails while the silo has no valid lease, because it then refuses every validation.</summary>
internal sealed class LeaseHealthCheck(ILease lease) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(lease.Epoch == 0
            ? HealthCheckResult.Unhealthy("This silo has no valid lease.")
            : HealthCheckResult.Healthy());
}
