using KeysCluster.Storage;

namespace KeysCluster.Grains.Leases;

/// <summary>
/// Retries the invalidations of one grain with backoff until every cache has acknowledged. A change that was committed
/// but not acknowledged is visible to readers, who may take it for effective, so the invalidation is retried even when
/// no caller repeats the change. The activation stays alive meanwhile. Source: docs/adr/0007-leases.md.
/// </summary>
/// <param name="grain">The grain of the key or project.</param>
/// <param name="fence">Invalidates the caches.</param>
/// <param name="throttle">Limits the grains of a silo that retry at the same time.</param>
/// <param name="unacknowledgedRevision">
/// Returns the revision that some cache may not have acknowledged, according to the grain's state; null for none.
/// </param>
internal sealed class InvalidationRetrier(
    Grain grain, IInvalidationFence fence, SemaphoreSlim throttle, Func<long?> unacknowledgedRevision)
{
    private static readonly TimeSpan InitialDelay = TimeSpan.FromSeconds(1);

    /// <summary>The maximum delay between two attempts. The delay doubles with each attempt.</summary>
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(32);

    private IGrainTimer? _timer;
    private TimeSpan _delay;

    /// <summary>
    /// True while some cache may not have acknowledged an invalidation. No change may be acknowledged before.
    /// </summary>
    public bool HasPending { get; private set; }

    /// <summary>Invalidates every cache and waits for all acknowledgements.</summary>
    /// <exception cref="StorageUnavailableException">
    /// It is unknown whether all have acknowledged; a retry is scheduled.
    /// </exception>
    public async Task InvalidateAndWaitAsync(long revision)
    {
        try
        {
            await fence.InvalidateAndWaitAsync(grain.GetGrainId(), revision);
        }
        catch (StorageUnavailableException)
        {
            ScheduleRetry();
            throw;
        }

        HasPending = false;
    }

    /// <summary>Schedules an invalidation, unless a change invalidates earlier.</summary>
    public void ScheduleRetry()
    {
        HasPending = true;
        if (_timer is not null) return;
        _delay = InitialDelay;
        _timer = grain.RegisterGrainTimer(
            RetryAsync,
            new GrainTimerCreationOptions { DueTime = InitialDelay, Period = InitialDelay, KeepAlive = true });
    }

    private async Task RetryAsync()
    {
        if (await TryInvalidateAsync())
        {
            _timer?.Dispose();
            _timer = null;
            return;
        }

        _delay = _delay * 2 < MaxDelay ? _delay * 2 : MaxDelay;
        _timer?.Change(_delay, _delay);
    }

    private async Task<bool> TryInvalidateAsync()
    {
        if (!HasPending || unacknowledgedRevision() is not { } revision)
        {
            HasPending = false;
            return true;
        }

        if (!await throttle.WaitAsync(TimeSpan.Zero)) return false;
        try
        {
            await InvalidateAndWaitAsync(revision);
            return true;
        }
        catch (StorageUnavailableException)
        {
            // The fence has logged the failure.
            return false;
        }
        finally
        {
            throttle.Release();
        }
    }
}
