using KeysCluster.Validation;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Leases;

/// <summary>The lease of an Orleans client, from any silo. Without it the client asks a silo each time.</summary>
internal sealed class ClientLease(
    IGrainFactory grains, Lazy<InvalidationObserver> observer, TimeProvider time, ILogger<ClientLease> logger)
    : RenewedLease(time, logger), IHostedService
{
    private IInvalidationObserver? _reference;

    protected override TimeSpan Pause { get; } = TimeSpan.FromSeconds(1);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        BeginRenewing();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Stop(cancellationToken);

    protected override Task<TimeSpan> Acquire(Guid id, CancellationToken cancellationToken)
    {
        _reference ??= grains.CreateObjectReference<IInvalidationObserver>(observer.Value);
        return Giver().Acquire(id, _reference).WaitAsync(cancellationToken);
    }

    protected override Task<bool> Renew(Guid id, CancellationToken cancellationToken) =>
        Giver().Renew(id).WaitAsync(cancellationToken);

    protected override Task Release(Guid id, CancellationToken cancellationToken) =>
        Giver().Release(id).WaitAsync(cancellationToken);

    /// <summary>After a failure likely on another silo.</summary>
    private IClientLeaseGrain Giver() => grains.GetGrain<IClientLeaseGrain>(AnySilo.Number());
}
