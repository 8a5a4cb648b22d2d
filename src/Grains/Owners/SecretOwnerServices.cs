using KeysCluster.Grains.Leases;
using KeysCluster.Grains.Secrets;
using Microsoft.Extensions.DependencyInjection;

namespace KeysCluster.Grains.Owners;

/// <summary>What every grain that owns secrets works with.</summary>
internal sealed record SecretOwnerServices(
    Pepper Pepper,
    KeysInstruments Instruments,
    IValidityFence Fence,
    IReminderTable Reminders,
    [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider Time)
{
    /// <summary>
    /// How many grains of a silo erase at once: after an outage many are due together, and those that ask for something now
    /// must find a connection.
    /// </summary>
    public SemaphoreSlim Erasing { get; } = new(16);

    /// <summary>How many grains of a silo tell at once what could not be told, for the same reason.</summary>
    public SemaphoreSlim Settling { get; } = new(16);
}
