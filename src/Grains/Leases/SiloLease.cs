using KeysCluster.Leases;
using KeysCluster.Validation.Caching;
using KeysCluster.Validation.Leases;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Grains.Leases;

/// <summary>
/// The lease of a silo, from the <see cref="ILeaseStore"/>. Without it the silo refuses every validation. Each renewal
/// applies the event log to the caches first.
/// </summary>
internal sealed class SiloLease(
    ILeaseStore store,
    ILocalSiloDetails silo,
    Lazy<IReadOnlyList<ILeasedCache>> caches,
    EventLog log,
    LeaseTable table,
    DatabaseClock clock,
    LeaseOptions options,
    TimeProvider time,
    ILogger<SiloLease> logger)
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

    protected override async Task<(TimeSpan Duration, LogPosition Position)?> AcquireAsync(
        Guid id, CancellationToken cancellationToken)
    {
        log.Clear();
        await clock.ObserveAsync(() => store.ReadLogAsync(after: null, cancellationToken));
        if (!clock.IsAccurate) return null;
        var holder = LeaseHolder.ForSilo(silo.SiloAddress);
        if (await store.AcquireAsync(id, holder, options.Duration, cancellationToken) is not { } position) return null;
        log.Reset(position);
        return (options.Duration, position);
    }

    protected override async Task<LogPosition?> RenewAsync(
        Guid id, LogPosition applied, CancellationToken cancellationToken)
    {
        var read = await clock.ObserveAsync(() => store.ReadLogAsync(applied, cancellationToken));
        if (!clock.IsAccurate || read.Position.Timeline != applied.Timeline) return null;
        caches.Value.Apply(read.Events);
        log.Append(read);
        _ = RefreshTableAsync();
        var leases = new Dictionary<Guid, LogPosition> { [id] = read.Position };
        return (await store.RenewAsync(leases, cancellationToken)).Contains(id) ? read.Position : null;
    }

    protected override Task ReleaseAsync(Guid id, CancellationToken cancellationToken) =>
        store.ReleaseAsync(id, cancellationToken);

    /// <summary>
    /// Refreshes the table of leases, so that changes know whom to push to, and soon know which leases have expired.
    /// </summary>
    private async Task RefreshTableAsync()
    {
        try
        {
            await table.ReadAsync();
        }
        catch (Exception)
        {
            // A change that depends on the leases refreshes the table itself.
        }
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        await RenewOrAcquireAsync(cancellationToken);
        StartRenewing();
    }
}
