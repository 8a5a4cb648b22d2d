using KeysCluster.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KeysCluster.Api.Health;

/// <summary>Succeeds if a silo answers and can reach its storage.</summary>
internal sealed class StorageHealthCheck(IGrainFactory grains) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await grains.GetGrain<IStorageHealthGrain>(0).Probe().WaitAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy(exception is StorageUnavailableException
                ? "Storage does not answer."
                : "No silo answers.");
        }
    }
}
