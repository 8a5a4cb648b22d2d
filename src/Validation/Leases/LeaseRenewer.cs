using Microsoft.Extensions.Logging;

namespace KeysCluster.Validation.Leases;

/// <summary>
/// Acquires a lease and renews it after a third of its duration. The holder measures the duration from before its
/// request and trusts only a part of it (<see cref="SafetyFactor"/>), so it stops before the lease expires by the
/// grantor's clock. The clocks need to run at about the same rate; they need not show the same time.
/// </summary>
internal abstract partial class LeaseRenewer(TimeProvider time, ILogger logger) : ILease, IDisposable
{
    /// <summary>The part of the duration for which the holder trusts its lease.</summary>
    private const double SafetyFactor = 0.95;

    private readonly CancellationTokenSource _stopping = new();
    private volatile CurrentLease? _current;
    private long _epochs;
    private Task _renewing = Task.CompletedTask;

    public event Action? Lost;

    public long Epoch => _current is { } lease && IsValid(lease) ? lease.Epoch : 0;

    /// <summary>The delay between attempts while the lease cannot be renewed.</summary>
    protected abstract TimeSpan RetryDelay { get; }

    public void Dispose() => _stopping.Dispose();

    /// <summary>Renews the lease once, or acquires a new one; false when neither succeeded.</summary>
    internal async Task<bool> RenewOrAcquireAsync(CancellationToken cancellationToken)
    {
        var requestedAt = Now();
        try
        {
            if (_current is { } lease)
            {
                if (IsValid(lease) && await RenewAsync(lease.Id, cancellationToken) && IsValid(lease))
                {
                    _current = lease with { ValidUntil = GetEnd(requestedAt, lease.Duration) };
                    return true;
                }

                await RelinquishAsync(lease, cancellationToken);
                requestedAt = Now();
            }

            var id = Guid.NewGuid();
            var duration = await AcquireAsync(id, cancellationToken);
            if (duration == TimeSpan.Zero) return false;
            _current = new CurrentLease(id, ++_epochs, duration, GetEnd(requestedAt, duration));
            LogAcquired(logger, id);
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            LogRenewalFailed(logger, exception.Message);
            return false;
        }
    }

    /// <summary>Acquires a new lease.</summary>
    /// <returns>The duration; zero when no lease is granted.</returns>
    protected abstract Task<TimeSpan> AcquireAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Renews a lease; false when it has expired or may not be renewed.</summary>
    protected abstract Task<bool> RenewAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Releases a lease whose holder has cleared its cache.</summary>
    protected abstract Task ReleaseAsync(Guid id, CancellationToken cancellationToken);

    protected void StartRenewing() => _renewing = Task.Run(RenewUntilStoppedAsync, CancellationToken.None);

    /// <summary>Stops renewing and releases the lease, so that no change waits for it.</summary>
    protected async Task StopRenewingAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _renewing;
        if (_current is not { } lease) return;
        try
        {
            await RelinquishAsync(lease, cancellationToken);
        }
        catch (Exception exception)
        {
            LogRenewalFailed(logger, exception.Message);
        }
    }

    private async Task RenewUntilStoppedAsync()
    {
        var isRenewed = _current is not null;
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                if (isRenewed) await Task.Delay(_current!.Duration / 3, time, _stopping.Token);
                isRenewed = await RenewOrAcquireAsync(_stopping.Token);
                if (!isRenewed) await Task.Delay(RetryDelay, time, _stopping.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>
    /// Clears the cache first and releases afterwards: while the lease row exists, changes wait for it.
    /// </summary>
    private async Task RelinquishAsync(CurrentLease lease, CancellationToken cancellationToken)
    {
        if (!lease.IsCacheCleared)
        {
            LogLost(logger, lease.Id);
            _current = lease with { ValidUntil = default, IsCacheCleared = true };
            Lost?.Invoke();
        }

        await ReleaseAsync(lease.Id, cancellationToken);
        _current = null;
    }

    private ClockReading Now() => new(time.GetTimestamp(), time.GetUtcNow());

    private ClockReading GetEnd(ClockReading requestedAt, TimeSpan duration) => new(
        requestedAt.Timestamp + (long)(duration.TotalSeconds * SafetyFactor * time.TimestampFrequency),
        requestedAt.Utc + duration * SafetyFactor);

    /// <summary>
    /// Checks both clocks: the monotonic one may stop while a machine is suspended, the other may be set.
    /// </summary>
    private bool IsValid(CurrentLease lease) =>
        time.GetTimestamp() < lease.ValidUntil.Timestamp && time.GetUtcNow() < lease.ValidUntil.Utc;

    private readonly record struct ClockReading(long Timestamp, DateTimeOffset Utc);

    private sealed record CurrentLease(Guid Id, long Epoch, TimeSpan Duration, ClockReading ValidUntil)
    {
        public bool IsCacheCleared { get; init; }
    }
}
