using KeysCluster.Grains.Leases;
using KeysCluster.Grains.Secrets;
using Microsoft.Extensions.DependencyInjection;

namespace KeysCluster.Grains.Changes;

/// <summary>The services of every grain of a virtual key or project.</summary>
internal sealed record SecretHolderServices(
    PepperRing Ring,
    MissingPepperMonitor MissingPeppers,
    ChangeMetrics Metrics,
    IInvalidationFence Fence,
    DatabaseClock Clock,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider Time)
{
    /// <summary>
    /// Limits the grains of a silo that erase at the same time. After an outage many are due at once, and changes must
    /// still find a connection.
    /// </summary>
    public SemaphoreSlim ErasureThrottle { get; } = new(16);
}
