using KeysCluster.Leases;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Leases;

/// <summary>The lease of a silo, straight from the <see cref="ILeaseTable"/>. Without it the silo refuses every validation.</summary>
internal sealed class SiloLease(
    ILeaseTable table, ILocalSiloDetails silo, LeaseOptions options, TimeProvider time, ILogger<SiloLease> logger)
    : RenewedLease(time, logger), ILifecycleParticipant<ISiloLifecycle>
{
    protected override TimeSpan Pause { get; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Acquired when the silo becomes active, released when nothing of it runs any more.</summary>
    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe<SiloLease>(ServiceLifecycleStage.Active, Start);
        lifecycle.Subscribe<SiloLease>(ServiceLifecycleStage.RuntimeInitialize, _ => Task.CompletedTask, Stop);
    }

    protected override async Task<TimeSpan> Acquire(Guid id, CancellationToken cancellationToken)
    {
        await table.Acquire(id, LeaseHolder.Of(silo.SiloAddress), options.Length, cancellationToken);
        return options.Length;
    }

    protected override Task<bool> Renew(Guid id, CancellationToken cancellationToken) =>
        table.Renew(id, options.Length, cancellationToken);

    protected override Task Release(Guid id, CancellationToken cancellationToken) => table.Release(id, cancellationToken);

    private async Task Start(CancellationToken cancellationToken)
    {
        await Renew(cancellationToken);
        BeginRenewing();
    }
}
