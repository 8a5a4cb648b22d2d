using KeysCluster.Grains.Caching;
using KeysCluster.Grains.Concurrency;
using KeysCluster.Grains.SecretHolders;
using KeysCluster.Storage;
using KeysCluster.Validation.Telemetry;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace KeysCluster.Grains.Verification;

/// <summary>
/// Reads states without their grains, so that a validation does not depend on the silo that hosts the grain. Reads of
/// one state are coalesced, and their number is limited.
/// </summary>
internal sealed partial class StateReader<TState>
    where TState : SecretHolderState
{
    /// <summary>
    /// The maximum number of uncached owners in the queue; cached ones may add as many. With
    /// <see cref="ValidationReadLimiter.MaxConcurrencyForUncachedKeys"/> (12) reads at a time and a
    /// <see cref="ValidationReadOptions.QueueTimeout"/> of 800 ms, the database has 12 × 800 / 1024 = 9 ms per read
    /// before the last one in the queue times out.
    /// </summary>
    public const int MaxQueuedUncachedKeys = 1024;

    /// <summary>
    /// The maximum number of waiting callers, at about 1 KB each. Only hanging storage makes so many wait.
    /// </summary>
    public const int MaxWaitingCallers = 50_000;

    private readonly CoalescingReader<(string Owner, bool CachesMissing), StateCacheEntry<TState>> _reads;
    private readonly string _stateName;
    private readonly StateCache<TState> _cache;
    private readonly ValidationReadLimiter _limiter;
    private readonly TimeSpan _readTimeout;
    private readonly IGrainStorage _storage;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LogThrottle _failedLog;
    private readonly LogThrottle _timedOutLog;
    private readonly LogThrottle _throttledLog;

    private int _callers;

    public StateReader(
        string stateName,
        StateCache<TState> cache,
        ValidationReadLimiter limiter,
        ValidationReadOptions options,
        IGrainStorage storage,
        TimeProvider time,
        ILogger logger)
    {
        (_stateName, _cache, _limiter, _storage) = (stateName, cache, limiter, storage);
        (_readTimeout, _time, _logger) = (options.ReadTimeout, time, logger);
        _reads = new(ReadFromStorageAsync);
        (_failedLog, _timedOutLog, _throttledLog) = (new(time), new(time), new(time));
    }

    /// <summary>The number of states that are being read or are queued.</summary>
    public int QueueLength => _reads.Count;

    /// <summary>
    /// Reads a state by a read that begins after the call. Returns null when storage does not answer in time, too many
    /// callers wait, or the silo has no valid lease, so that the result may not be used. An overload is refused without
    /// a queue and without an exception.
    /// </summary>
    /// <param name="owner">The id of the owner.</param>
    /// <param name="cachesMissing">Whether to cache that there is no state.</param>
    public async ValueTask<StateCacheEntry<TState>?> ReadAsync(string owner, bool cachesMissing = false)
    {
        if (!_cache.HasValidLease) return null;
        try
        {
            var limit = _cache.Contains(owner) ? 2 * MaxQueuedUncachedKeys : MaxQueuedUncachedKeys;
            if (Interlocked.Increment(ref _callers) <= MaxWaitingCallers
                && _reads.TryJoinAsync((owner, cachesMissing), limit) is { } read)
            {
                var entry = await read.WaitAsync(_readTimeout, _time);
                return _cache.IsUsable(entry) ? entry : null;
            }

            if (_throttledLog.TryEnter(out var suppressed)) LogThrottled(_logger, _stateName, suppressed);
            return null;
        }
        catch (TimeoutException)
        {
            if (_timedOutLog.TryEnter(out var suppressed)) LogTimedOut(_logger, _stateName, _readTimeout, suppressed);
            return null;
        }
        catch (StorageUnavailableException)
        {
            return null;
        }
        finally
        {
            Interlocked.Decrement(ref _callers);
        }
    }

    private async Task<StateCacheEntry<TState>> ReadFromStorageAsync((string Owner, bool CachesMissing) read)
    {
        var (owner, cachesMissing) = read;
        using var slot = await _limiter.AcquireAsync(_cache.Contains(owner));
        using var fill = _cache.BeginFill(owner);
        var row = new GrainState<TState>();
        try
        {
            await _storage.ReadStateAsync(_stateName, GrainId.Create(_cache.GrainType, IdSpan.Create(owner)), row);
        }
        catch (Exception exception)
        {
            if (_failedLog.TryEnter(out var suppressed)) LogFailed(_logger, exception, _stateName, suppressed);
            throw new StorageUnavailableException();
        }

        return StateCache<TState>.Commit(fill, row.RecordExists ? row.State : null, cachesMissing);
    }
}
