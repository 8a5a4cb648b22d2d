using KeysCluster.Grains.Leases;
using KeysCluster.Grains.Secrets;
using Microsoft.Extensions.DependencyInjection;

namespace KeysCluster.Grains.Changes;

/// <summary>The services of every grain of a virtual key or project.</summary>
internal sealed record SecretHolderServices(
    Pepper Pepper,
    ChangeMetrics Metrics,
    IInvalidationFence Fence,
    DatabaseClock Clock,
    LeaseOptions Leases,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider Time)
{
    /// <summary>
    /// Limits the grains of a silo that erase at the same time. After an outage many are due at once, and changes must
    /// still find a connection.
    /// </summary>
    public SemaphoreSlim ErasureThrottle { get; } = new(16);

    /// <summary>
    /// Returns the deadline up to which hashes may be erased. An erasure is final for every silo, so it waits for the
    /// permitted clock offset, and a silo whose clock is wrong erases nothing.
    /// </summary>
    public DateTimeOffset GetEraseBefore(DateTimeOffset now) =>
        Clock.IsAccurate ? now - Leases.MaxClockOffset : DateTimeOffset.MinValue;
}
