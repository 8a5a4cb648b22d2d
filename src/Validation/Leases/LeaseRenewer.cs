using KeysCluster.Leases;
using KeysCluster.Validation.Time;
using Microsoft.Extensions.Logging;

namespace KeysCluster.Validation.Leases;

/// <summary>
/// Acquires a lease and renews it after a third of its duration. The holder measures the duration from before its
/// request and trusts only a part of it (<see cref="SafetyFactor"/>), so it stops before a process that waits for the
/// lease considers it expired. The clocks need to run at about the same rate; they need not show the same time. The
/// timestamps must go on while the machine is suspended (<see cref="BootTimeProvider"/>). The wall clock may be set at
/// any time. When the clock of deadlines has followed it, the lease is not valid until a renewal has compared that
/// clock with another one.
/// </summary>
internal abstract partial class LeaseRenewer(TimeProvider time, ILogger logger) : ILease, IDisposable
{
    /// <summary>
    /// The part of the duration for which the holder trusts its lease. NTP daemons slew a clock by up to 10 %, and the
    /// clocks of the holder and of the waiting process may be slewed in opposite directions: 0.9 / 1.1 is 0.82.
    /// </summary>
    private const double SafetyFactor = 0.8;

    private readonly CancellationTokenSource _stopping = new();
    private volatile CurrentLease? _current;
    private volatile LogPosition? _position;
    private long _epochs;
    private long _lostCount;
    private long _renewedAt;
    private Task _renewing = Task.CompletedTask;

    public event Action? Lost;

    public long Epoch => _current is { } lease && IsValid(lease) ? lease.Epoch : 0;

    public LogPosition? Position => _position;

    public bool IsRenewalFailing { get; private set; }

    /// <summary>The number of leases that were lost, without the one that was released at the stop.</summary>
    public long LostCount => Interlocked.Read(ref _lostCount);

    /// <summary>The time since the last request that renewed or acquired the lease; null before the first.</summary>
    public TimeSpan? Age =>
        Interlocked.Read(ref _renewedAt) is not 0 and var renewedAt ? time.GetElapsedTime(renewedAt) : null;

    protected TimeProvider Time => time;

    protected ILogger Logger => logger;

    /// <summary>The delay between attempts while the lease cannot be renewed.</summary>
    protected abstract TimeSpan RetryDelay { get; }

    public void Dispose() => _stopping.Dispose();

    /// <summary>Renews the lease once, or acquires a new one; false when neither succeeded.</summary>
    internal async Task<bool> RenewOrAcquireAsync(CancellationToken cancellationToken)
    {
        var (requestedAt, steps) = (time.GetTimestamp(), GetSteps());
        try
        {
            if (_current is { } lease)
            {
                if (IsValid(lease)
                    && await RenewAsync(lease.Id, _position!, cancellationToken) is { } position
                    && IsValid(lease))
                {
                    _position = position;
                    _current = lease with { ValidUntil = GetEnd(requestedAt, lease.Duration), Steps = steps };
                    OnRenewed(requestedAt);
                    return true;
                }

                await RelinquishAsync(lease, cancellationToken);
                (requestedAt, steps) = (time.GetTimestamp(), GetSteps());
            }

            var id = Guid.NewGuid();
            if (await AcquireAsync(id, cancellationToken) is not { } grant) return false;
            _position = grant.Position;
            _current = new CurrentLease(id, ++_epochs, grant.Duration, GetEnd(requestedAt, grant.Duration), steps);
            OnRenewed(requestedAt);
            LogAcquired(logger);
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            IsRenewalFailing = true;
            LogRenewalFailed(logger, exception.Message);
            return false;
        }
    }

    /// <summary>Acquires a new lease. The cache is empty.</summary>
    /// <returns>The duration and the position of the lease; null when none is granted.</returns>
    protected abstract Task<(TimeSpan Duration, LogPosition Position)?> AcquireAsync(
        Guid id, CancellationToken cancellationToken);

    /// <summary>
    /// Applies the event log after a position to the cache, and renews the lease with the position that it reaches.
    /// </summary>
    /// <returns>The new position; null when the lease has expired.</returns>
    protected abstract Task<LogPosition?> RenewAsync(
        Guid id, LogPosition applied, CancellationToken cancellationToken);

    /// <summary>Releases a lease whose holder has cleared its cache.</summary>
    protected abstract Task ReleaseAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>
    /// Moves the position before the events are applied, for a holder that compares it with the positions of answers:
    /// a fill that begins in between must not take an answer from before an event that has been applied already.
    /// </summary>
    protected void MoveTo(LogPosition position) => _position = position;

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
            LogLost(logger);
            if (!_stopping.IsCancellationRequested) Interlocked.Increment(ref _lostCount);
            _current = lease with { ValidUntil = long.MinValue, IsCacheCleared = true };
            Lost?.Invoke();
        }

        await ReleaseAsync(lease.Id, cancellationToken);
        _current = null;
    }

    private void OnRenewed(long requestedAt)
    {
        IsRenewalFailing = false;
        Interlocked.Exchange(ref _renewedAt, requestedAt);
    }

    private long GetEnd(long requestedAt, TimeSpan duration) =>
        requestedAt + (long)(duration.TotalSeconds * SafetyFactor * time.TimestampFrequency);

    private bool IsValid(CurrentLease lease) =>
        time.GetTimestamp() < lease.ValidUntil && GetSteps() == lease.Steps;

    private int GetSteps() => (time as SteadyTimeProvider)?.UnconfirmedSteps ?? 0;

    private sealed record CurrentLease(Guid Id, long Epoch, TimeSpan Duration, long ValidUntil, int Steps)
    {
        public bool IsCacheCleared { get; init; }
    }
}
