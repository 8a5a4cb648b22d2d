using KeysCluster.Api.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KeysCluster.Api.Health;

internal sealed class DrainHealthCheck(Drain drain) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(drain.HasBegun ? HealthCheckResult.Unhealthy("Stopping.") : HealthCheckResult.Healthy());
}
