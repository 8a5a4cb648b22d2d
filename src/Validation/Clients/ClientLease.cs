using System.Runtime.CompilerServices;
using KeysCluster.Leases;
using KeysCluster.Validation.Caching;
using KeysCluster.Validation.Leases;
using KeysCluster.Validation.Time;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Polly;

namespace KeysCluster.Validation.Clients;

/// <summary>
/// The lease of an Orleans client, granted by any silo. Without it the client sends each validation to a silo.
/// </summary>
internal sealed partial class ClientLease(
    IGrainFactory grains, Lazy<IReadOnlyList<ILeasedCache>> caches, TimeProvider time, ILogger<ClientLease> logger)
    : LeaseRenewer(time, logger), IHostedService
{
    /// <summary>
    /// A request that several silos execute has the effect of one: a renewal names what the client has applied, and
    /// each acquisition of the same lease returns the position of the first.
    /// </summary>
    private readonly ResiliencePipeline<ClientLeaseGrant?> _requests =
        HedgedCalls.CreatePipeline<ClientLeaseGrant?>(time, timeout: TimeSpan.FromSeconds(3));

    private volatile StrongBox<Guid> _leaseId = new();
    private InvalidationObserver? _observer;
    private IInvalidationObserver? _reference;
    private bool _isClockAccurate = true;

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
        _observer ??= new InvalidationObserver(caches.Value, () => _leaseId.Value);

        // Invalidations may arrive as soon as the silo has granted the lease.
        _leaseId = new(id);
        _reference ??= grains.CreateObjectReference<IInvalidationObserver>(_observer);
        if (await RequestLeaseAsync(AcquireFromAnySiloAsync) is { } grant) return (grant.Duration, grant.Position);

        // The silo has granted a lease that this client does not use, and changes would wait for it.
        if (!_isClockAccurate) await ReleaseAsync(id, cancellationToken);
        return null;

        Task<ClientLeaseGrant?> AcquireFromAnySiloAsync() => _requests.ExecuteAsync(
            async cancellation => await grains.GetClientLeaseGrain().Acquire(id, _reference).WaitAsync(cancellation),
            cancellationToken).AsTask();
    }

    protected override async Task<LogPosition?> RenewAsync(
        Guid id, LogPosition applied, CancellationToken cancellationToken)
    {
        if (await RequestLeaseAsync(RenewByAnySiloAsync) is not { } grant) return null;
        MoveTo(grant.Position);
        caches.Value.Apply(grant.Events);
        return grant.Position;

        Task<ClientLeaseGrant?> RenewByAnySiloAsync() => _requests.ExecuteAsync(
            async cancellation => await grains.GetClientLeaseGrain().Renew(id, applied).WaitAsync(cancellation),
            cancellationToken).AsTask();
    }

    protected override Task ReleaseAsync(Guid id, CancellationToken cancellationToken) =>
        grains.GetClientLeaseGrain().Release(id).WaitAsync(cancellationToken);

    /// <summary>
    /// Requests a lease. Returns null if none is granted, or the clock of this process differs from that of the silo by
    /// more than the limit.
    /// </summary>
    private async Task<ClientLeaseGrant?> RequestLeaseAsync(Func<Task<ClientLeaseGrant?>> requestAsync)
    {
        var startedAt = Time.GetTimestamp();
        if (await requestAsync() is not { } grant) return null;

        if (Time is SteadyTimeProvider steady) steady.FollowStepAhead(grant.SiloTime);

        // The silo read its clock at some instant meanwhile.
        var (after, timestamp) = Time.ReadClocks();
        var before = after - Time.GetElapsedTime(startedAt, timestamp);
        var wasClockAccurate = _isClockAccurate;
        _isClockAccurate =
            grant.SiloTime - grant.MaxClockOffset <= after && grant.SiloTime + grant.MaxClockOffset >= before;
        if (_isClockAccurate) return grant;
        if (wasClockAccurate) LogClockOffset(Logger, before, grant.SiloTime, grant.MaxClockOffset);
        return null;
    }
}
