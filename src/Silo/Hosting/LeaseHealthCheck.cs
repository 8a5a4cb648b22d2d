using KeysCluster.Leases;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KeysCluster.Silo.Hosting;

/// <summary>A silo without a good lease refuses every validation: callers had better ask another one.</summary>
internal sealed class LeaseHealthCheck(ILease lease) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(lease.Epoch == 0
            ? HealthCheckResult.Unhealthy("This silo has no good lease.")
            : HealthCheckResult.Healthy());
}
