using KeysCluster.Grains.Storage;
using KeysCluster.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace KeysCluster.Grains.Verification;

/// <summary>
/// Limits the concurrent storage reads of validations to the connections that they have. Reads of uncached ids, which
/// may be forged by an attacker, have a lower limit, so that they cannot starve cached keys.
/// </summary>
internal sealed class ValidationReadLimiter(
    ValidationReadOptions options, [FromKeyedServices(TimeProviderNames.Grains)] TimeProvider time) : IDisposable
{
    public const int MaxConcurrency = StorageNames.MaxConcurrentValidationReads;

    public const int MaxConcurrencyForUncachedKeys = 12;

    private readonly SemaphoreSlim _all = new(MaxConcurrency);
    private readonly SemaphoreSlim _uncached = new(MaxConcurrencyForUncachedKeys);

    /// <summary>Waits until a read may begin. Dispose the slot when the read has ended.</summary>
    /// <exception cref="StorageUnavailableException">The read timed out in the queue.</exception>
    public async ValueTask<Slot> AcquireAsync(bool isCached)
    {
        var queuedAt = time.GetTimestamp();
        if (!isCached) await WaitAsync(_uncached, queuedAt);
        try
        {
            await WaitAsync(_all, queuedAt);
            return new Slot(this, isCached);
        }
        catch (StorageUnavailableException) when (!isCached)
        {
            _uncached.Release();
            throw;
        }
    }

    public void Dispose()
    {
        _all.Dispose();
        _uncached.Dispose();
    }

    private async ValueTask WaitAsync(SemaphoreSlim limit, long queuedAt)
    {
        if (limit.Wait(TimeSpan.Zero)) return;
        var remaining = options.QueueTimeout - time.GetElapsedTime(queuedAt);
        if (remaining <= TimeSpan.Zero) throw new StorageUnavailableException();
        using var timeout = new CancellationTokenSource(remaining, time);
        try
        {
            await limit.WaitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw new StorageUnavailableException();
        }
    }

    /// <summary>The permission to execute one read.</summary>
    internal readonly struct Slot(ValidationReadLimiter limiter, bool isCached) : IDisposable
    {
        public void Dispose()
        {
            limiter._all.Release();
            if (!isCached) limiter._uncached.Release();
        }
    }
}
