using KeysCluster.Validation.Leases;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Leases;

/// <summary>
/// The lease of a silo, from the <see cref="ILeaseStore"/>. Without it the silo refuses every validation.
/// </summary>
internal sealed class SiloLease(
    ILeaseStore store, ILocalSiloDetails silo, LeaseOptions options, TimeProvider time, ILogger<SiloLease> logger)
    : LeaseRenewer(time, logger), ILifecycleParticipant<ISiloLifecycle>
{
    protected override TimeSpan RetryDelay { get; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Acquires the lease when the silo becomes active, and releases it after everything else has stopped.
    /// </summary>
    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe<SiloLease>(ServiceLifecycleStage.Active, StartAsync);
        lifecycle.Subscribe<SiloLease>(
            ServiceLifecycleStage.RuntimeInitialize, _ => Task.CompletedTask, StopRenewingAsync);
    }

    protected override async Task<TimeSpan> AcquireAsync(Guid id, CancellationToken cancellationToken)
    {
        await store.AcquireAsync(id, LeaseHolder.ForSilo(silo.SiloAddress), options.Duration, cancellationToken);
        return options.Duration;
    }

    protected override Task<bool> RenewAsync(Guid id, CancellationToken cancellationToken) =>
        store.RenewAsync(id, options.Duration, cancellationToken);

    protected override Task ReleaseAsync(Guid id, CancellationToken cancellationToken) =>
        store.ReleaseAsync(id, cancellationToken);

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        await RenewOrAcquireAsync(cancellationToken);
        StartRenewing();
    }
}
