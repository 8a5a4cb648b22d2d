using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KeysCluster.Hosting;

/// <summary>Fails as soon as the host was asked to stop.</summary>
internal sealed class DrainHealthCheck(DrainService drain) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(drain.IsDraining ? HealthCheckResult.Unhealthy("Stopping.") : HealthCheckResult.Healthy());
}
