using KeysCluster.Leases;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Validation.Leases;

/// <summary>
/// The lease of an Orleans client, granted by any silo. Without it the client sends each validation to a silo.
/// </summary>
internal sealed class ClientLease(
    IGrainFactory grains, Lazy<IInvalidationObserver> observer, TimeProvider time, ILogger<ClientLease> logger)
    : LeaseRenewer(time, logger), IHostedService
{
    private IInvalidationObserver? _reference;

    protected override TimeSpan RetryDelay { get; } = TimeSpan.FromSeconds(1);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        StartRenewing();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => StopRenewingAsync(cancellationToken);

    protected override Task<TimeSpan> AcquireAsync(Guid id, CancellationToken cancellationToken)
    {
        _reference ??= grains.CreateObjectReference<IInvalidationObserver>(observer.Value);
        return grains.GetClientLeaseGrain().Acquire(id, _reference).WaitAsync(cancellationToken);
    }

    protected override Task<bool> RenewAsync(Guid id, CancellationToken cancellationToken) =>
        grains.GetClientLeaseGrain().Renew(id).WaitAsync(cancellationToken);

    protected override Task ReleaseAsync(Guid id, CancellationToken cancellationToken) =>
        grains.GetClientLeaseGrain().Release(id).WaitAsync(cancellationToken);
}
