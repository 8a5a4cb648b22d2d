using System.Diagnostics;
using KeysCluster.Grains.Storage;
using KeysCluster.Storage;

namespace KeysCluster.Grains.Verification;

/// <summary>
/// Limits the concurrent storage reads of validations to the connections that they have. Reads of uncached ids, which
/// may be made up by an attacker, have a lower limit, so that they cannot starve cached keys.
/// </summary>
internal sealed class ValidationReadLimiter(ValidationReadOptions options) : IDisposable
{
    public const int MaxConcurrency = StorageNames.MaxConcurrentValidationReads;

    public const int MaxConcurrencyForUncachedKeys = 12;

    private readonly SemaphoreSlim _all = new(MaxConcurrency);
    private readonly SemaphoreSlim _uncached = new(MaxConcurrencyForUncachedKeys);

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
        var remaining = options.QueueTimeout - Stopwatch.GetElapsedTime(queuedAt);
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
