using KeysCluster.Grains.Caching;
using KeysCluster.Grains.SecretHolders;
using KeysCluster.Grains.Storage;
using KeysCluster.Storage;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace KeysCluster.Grains.Verification;

/// <summary>
/// Reads states without their grains, so that a validation does not depend on the silo that hosts the grain. Reads of
/// one state are coalesced, and their number is limited.
/// </summary>
internal sealed class StateReader<TState>
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

    private readonly CoalescingReader<string, StateCacheEntry<TState>> _reads;
    private readonly StateCache<TState> _cache;
    private readonly IGrainStorage _storage;
    private readonly string _stateName;
    private readonly TimeSpan _readTimeout;
    private readonly ILogger _logger;

    private int _callers;

    public StateReader(
        string stateName,
        StateCache<TState> cache,
        ValidationReadLimiter limiter,
        ValidationReadOptions options,
        IGrainStorage storage,
        ILogger logger)
    {
        (_stateName, _cache, _storage, _logger) = (stateName, cache, storage, logger);
        _readTimeout = options.ReadTimeout;
        _reads = new(owner => limiter.ExecuteAsync(_cache.Contains(owner), () => ReadFromStorageAsync(owner)));
    }

    /// <summary>The number of owners that are being read or are queued.</summary>
    public int QueueLength => _reads.Count;

    /// <summary>
    /// Reads a state by a read that begins after the call. Returns null when storage does not answer in time, when too
    /// many callers wait, or without a lease, under which alone the result could be used. An overload is refused
    /// without a queue and without an exception.
    /// </summary>
    public async ValueTask<StateCacheEntry<TState>?> ReadAsync(string owner)
    {
        if (!_cache.HasValidLease) return null;
        try
        {
            if (Interlocked.Increment(ref _callers) > MaxWaitingCallers) return null;
            var limit = _cache.Contains(owner) ? 2 * MaxQueuedUncachedKeys : MaxQueuedUncachedKeys;
            return _reads.TryReadAsync(owner, limit) is { } read ? await read.WaitAsync(_readTimeout) : null;
        }
        catch (Exception exception) when (exception is TimeoutException or StorageUnavailableException)
        {
            return null;
        }
        finally
        {
            Interlocked.Decrement(ref _callers);
        }
    }

    private async Task<StateCacheEntry<TState>> ReadFromStorageAsync(string owner)
    {
        using var fill = _cache.BeginFill(owner);
        var row = new GrainState<TState>();
        await StorageGuard.ExecuteAsync(_logger, _stateName, async () =>
        {
            await _storage.ReadStateAsync(_stateName, GrainId.Create(_cache.GrainType, IdSpan.Create(owner)), row);
            return row;
        });
        return fill.Commit(row.RecordExists ? row.State : null);
    }
}
