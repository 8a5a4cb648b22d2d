using System.Threading.RateLimiting;

namespace KeysCluster.Api.RateLimiting;

/// <summary>
/// Limits failures of callers. A caller whose failures are used up is refused before the work that could fail again.
/// Thread-safe.
/// </summary>
/// <typeparam name="TCaller">What identifies a caller.</typeparam>
internal abstract class FailureLimiter<TCaller>(string name, int limit, TimeSpan window, RateLimitMetrics metrics)
    : IDisposable
    where TCaller : notnull
{
    /// <summary>
    /// Callers share this number of limits by their hash codes, so that an attacker with many addresses cannot use more
    /// than about 40 MB.
    /// </summary>
    private const int Partitions = 65_536;

    // Not a PartitionedRateLimiter, which takes a lock that all callers share, several times per request in a flood.
    private readonly TokenBucketRateLimiter?[] _limiters = new TokenBucketRateLimiter?[Partitions];

    private readonly int[] _pending = new int[Partitions];

    private readonly string _policy = RateLimitHeaders.FormatPolicy(name, limit, (int)window.TotalSeconds);

    /// <summary>
    /// Begins work that may fail, unless as many failures as are left are possible already: many attempts at the same
    /// time do not get more than one after the other.
    /// </summary>
    /// <param name="caller">The caller, for whom <see cref="End"/> follows if this returns true.</param>
    /// <param name="retryAfter">In what time the caller may try again.</param>
    public bool TryBegin(TCaller caller, out TimeSpan retryAfter)
    {
        if (IsExhausted(caller, out retryAfter)) return false;
        var pending = Interlocked.Increment(ref _pending[GetPartition(caller)]);
        if (pending <= GetLimiter(caller).GetStatistics()!.CurrentAvailablePermits) return true;
        End(caller);
        return false;
    }

    /// <summary>Ends work that did not fail, or whose failure was recorded.</summary>
    public void End(TCaller caller) => Interlocked.Decrement(ref _pending[GetPartition(caller)]);

    /// <summary>Records a failure.</summary>
    public void Record(TCaller caller) => GetLimiter(caller).AttemptAcquire().Dispose();

    /// <summary>Returns whether a caller must not fail again now, and in what time it may.</summary>
    public bool IsExhausted(TCaller caller, out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;

        // A request for no permits would succeed with any fraction of one, which a failure could not take.
        var limiter = GetLimiter(caller);
        if (limiter.GetStatistics() is { CurrentAvailablePermits: > 0 }) return false;
        using var lease = limiter.AttemptAcquire();
        if (lease.IsAcquired) return false;
        lease.TryGetMetadata(MetadataName.RetryAfter, out retryAfter);
        return true;
    }

    /// <summary>Writes the headers of a refusal, and counts it.</summary>
    public void WriteHeaders(HttpResponse response, TimeSpan retryAfter)
    {
        metrics.Count(name);
        RateLimitHeaders.WriteRetryAfter(response, retryAfter);
        RateLimitHeaders.Write(response, _policy, name, remaining: 0, window);
    }

    public void Dispose()
    {
        foreach (var limiter in _limiters) limiter?.Dispose();
    }

    private static int GetPartition(TCaller caller) => caller.GetHashCode() & (Partitions - 1);

    /// <summary>Returns the limiter of a caller, with what time has given back to it.</summary>
    private TokenBucketRateLimiter GetLimiter(TCaller caller)
    {
        ref var place = ref _limiters[GetPartition(caller)];
        if (Volatile.Read(ref place) is not { } limiter)
        {
            var created = new TokenBucketRateLimiter(CreateBucket());
            limiter = Interlocked.CompareExchange(ref place, created, null) ?? created;
        }

        limiter.TryReplenish();
        return limiter;
    }

    /// <summary>Replenishes a tenth of a second's worth, or one, at a time.</summary>
    private TokenBucketRateLimiterOptions CreateBucket()
    {
        var perPeriod = Math.Max(1, (int)(limit / (10 * window.TotalSeconds)));
        return new TokenBucketRateLimiterOptions
        {
            TokenLimit = limit,
            TokensPerPeriod = perPeriod,
            ReplenishmentPeriod = window * perPeriod / limit,
            QueueLimit = 0,

            // Otherwise each limiter has a timer.
            AutoReplenishment = false,
        };
    }
}
