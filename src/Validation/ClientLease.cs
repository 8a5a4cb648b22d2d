using KeysCluster.Leases;
using KeysCluster.Validation.Caching;
using KeysCluster.Validation.Leases;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Validation;

/// <summary>
/// The lease of an Orleans client, granted by any silo. Without it the client sends each validation to a silo.
/// </summary>
internal sealed class ClientLease(
    IGrainFactory grains, Lazy<IReadOnlyList<ILeasedCache>> caches, TimeProvider time, ILogger<ClientLease> logger)
    : LeaseRenewer(time, logger), IHostedService
{
    private InvalidationObserver? _observer;
    private IInvalidationObserver? _reference;

    protected override TimeSpan RetryDelay { get; } = TimeSpan.FromMilliseconds(200);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        StartRenewing();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => StopRenewingAsync(cancellationToken);

    protected override async Task<(TimeSpan Duration, LogPosition Position)?> AcquireAsync(
        Guid id, CancellationToken cancellationToken)
    {
        // Orleans references the observer weakly.
        _observer ??= new InvalidationObserver(caches.Value);
        _reference ??= grains.CreateObjectReference<IInvalidationObserver>(_observer);
        var grant = await grains.GetClientLeaseGrain().Acquire(id, _reference).WaitAsync(cancellationToken);
        return grant is null ? null : (grant.Duration, grant.Position);
    }

    protected override async Task<LogPosition?> RenewAsync(
        Guid id, LogPosition applied, CancellationToken cancellationToken)
    {
        if (await grains.GetClientLeaseGrain().Renew(id, applied).WaitAsync(cancellationToken) is not { } grant)
            return null;
        caches.Value.Apply(grant.Events);
        return grant.Position;
    }

    protected override Task ReleaseAsync(Guid id, CancellationToken cancellationToken) =>
        grains.GetClientLeaseGrain().Release(id).WaitAsync(cancellationToken);
}
