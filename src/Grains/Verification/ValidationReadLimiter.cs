using System.Diagnostics;
using KeysCluster.Grains.Storage;
using KeysCluster.Storage;

namespace KeysCluster.Grains.Verification;

/// <summary>
/// Limits the concurrent storage reads of validations to the connections that they have. Reads of uncached ids, which
/// may be made up by an attacker, have a lower limit, so that they cannot starve cached keys.
/// </summary>
internal sealed class ValidationReadLimiter : IDisposable
{
    public const int MaxConcurrency = StorageNames.MaxConcurrentValidationReads;

    public const int MaxConcurrencyForUncachedKeys = 12;

    private readonly SemaphoreSlim _all = new(MaxConcurrency);
    private readonly SemaphoreSlim _uncached = new(MaxConcurrencyForUncachedKeys);

    /// <summary>
    /// The time that a read waits in the queue, for both limits together. It is shorter than the time that callers
    /// wait: a read whose caller has left would only delay the ones behind it, until all of them time out.
    /// </summary>
    public TimeSpan QueueTimeout { get; init; } = TimeSpan.FromMilliseconds(800);

    /// <exception cref="StorageUnavailableException">The read timed out in the queue.</exception>
    public Task<T> ExecuteAsync<T>(bool isCached, Func<Task<T>> readAsync)
    {
        var queuedAt = Stopwatch.GetTimestamp();
        return isCached
            ? ExecuteAsync(_all, queuedAt, readAsync)
            : ExecuteAsync(_uncached, queuedAt, () => ExecuteAsync(_all, queuedAt, readAsync));
    }

    public void Dispose()
    {
        _all.Dispose();
        _uncached.Dispose();
    }

    private async Task<T> ExecuteAsync<T>(SemaphoreSlim limit, long queuedAt, Func<Task<T>> readAsync)
    {
        var remaining = QueueTimeout - Stopwatch.GetElapsedTime(queuedAt);
        if (!await limit.WaitAsync(remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero))
            throw new StorageUnavailableException();
        try
        {
            return await readAsync();
        }
        finally
        {
            limit.Release();
        }
    }
}
