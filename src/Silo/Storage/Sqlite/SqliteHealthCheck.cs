using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KeysCluster.Silo.Storage.Sqlite;

/// <summary>
/// Reports a database file that is gone or damaged, or cannot be written. Cached secrets are still validated.
/// </summary>
internal sealed class SqliteHealthCheck(SqliteDataSource database) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult((database.FileMonitor.Problem ?? database.WriteMonitor.Problem) is { } problem
            ? HealthCheckResult.Degraded(problem)
            : HealthCheckResult.Healthy());
}
