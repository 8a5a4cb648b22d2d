using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Claims;
using System.Threading.RateLimiting;
using KeysCluster.Api.Callers;
using Microsoft.Extensions.Options;

namespace KeysCluster.Api.RateLimiting;

/// <summary>
/// Limits requests by the <see cref="RateLimitPolicy"/> of their endpoint. Writes the state of the limit to the
/// headers <c>RateLimit-Policy</c> and <c>RateLimit</c> of draft-ietf-httpapi-ratelimit-headers.
/// </summary>
internal sealed class RequestRateLimiter : IDisposable
{
    /// <summary>A burst may be as large as the requests of two seconds.</summary>
    private const int BurstSeconds = 2;

    private readonly RateLimitOptions _options;

    private readonly ConcurrentDictionary<RateLimitPolicy, string> _descriptions =
        new(ReferenceEqualityComparer.Instance);

    public RequestRateLimiter(IOptions<RateLimitOptions> options)
    {
        _options = options.Value;
        Limiter = PartitionedRateLimiter.Create<HttpContext, (RateLimitPolicy? Policy, string Caller)>(GetPartition);
    }

    /// <summary>The limiter of all requests.</summary>
    public PartitionedRateLimiter<HttpContext> Limiter { get; }

    /// <summary>Writes the headers of a request that has passed the limiter, or has been refused by it.</summary>
    public void WriteHeaders(HttpContext context)
    {
        if (GetPolicy(context) is not { } policy || Limiter.GetStatistics(context) is not { } statistics) return;
        var rate = policy.GetRate(_options);
        var description = _descriptions.GetOrAdd(
            policy,
            static (policy, rate) => RateLimitHeaders.FormatPolicy(policy.Name, BurstSeconds * rate, BurstSeconds),
            rate);
        RateLimitHeaders.Write(
            context.Response, description, policy.Name, statistics.CurrentAvailablePermits,
            TimeSpan.FromSeconds((BurstSeconds * rate - statistics.CurrentAvailablePermits) / (double)rate));
    }

    public void Dispose() => Limiter.Dispose();

    /// <summary>Returns the policy of the endpoint of a request; null if it has none.</summary>
    public static RateLimitPolicy? GetPolicy(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<RateLimitPolicy>();

    private static string GetCaller(HttpContext context, RateLimitPolicy policy)
    {
        var claim = policy.IsPerApiKey ? CallerClaims.ActorId : CallerClaims.Project;
        if (context.User.FindFirstValue(claim) is { } caller) return caller;
        return context.User.IsAdmin()
            ? CallerClaims.Admin
            : string.Create(CultureInfo.InvariantCulture, $"address {context.GetClientNetwork()}");
    }

    private RateLimitPartition<(RateLimitPolicy? Policy, string Caller)> GetPartition(HttpContext context)
    {
        if (GetPolicy(context) is not { } policy)
            return RateLimitPartition.GetNoLimiter((Policy: (RateLimitPolicy?)null, Caller: ""));
        var rate = policy.GetRate(_options);
        return RateLimitPartition.GetTokenBucketLimiter(
            ((RateLimitPolicy?)policy, GetCaller(context, policy)),
            _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = BurstSeconds * rate,
                TokensPerPeriod = rate,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                QueueLimit = 0,
            });
    }
}
