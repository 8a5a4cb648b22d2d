using KeysCluster.Grains.Leases;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KeysCluster.Silo.Cluster;

/// <summary>Reports a clock that differs from that of the database.</summary>
internal sealed class ClockHealthCheck(DatabaseClock clock) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var description = $"The clock differs from that of the database by {clock.Offset.TotalSeconds:F1} s.";
        if (!clock.IsAccurate) return Task.FromResult(HealthCheckResult.Unhealthy(description));
        return Task.FromResult(clock.IsNearLimit
            ? HealthCheckResult.Degraded(description)
            : HealthCheckResult.Healthy());
    }
}
