using System.Globalization;
using System.Threading.RateLimiting;
using KeysCluster.Api.Authentication;
using KeysCluster.Api.Errors;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace KeysCluster.Api.Http;

internal static class RateLimitExtensions
{
    /// <summary>The policy of all endpoints but <c>verify</c>, which services call with each request.</summary>
    public const string Management = "management";

    /// <summary>
    /// The policy of the calls that end what a leaked key or secret can do. A flood of other calls with the leaked key
    /// does not use it up.
    /// </summary>
    public const string Protection = "protection";

    public static void AddRateLimits(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<RateLimitOptions>()
            .Bind(builder.Configuration.GetSection("Api"))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddRateLimiter(Configure);
    }

    private static void Configure(RateLimiterOptions limiter)
    {
        foreach (var policy in (string[])[Management, Protection]) limiter.AddPolicy(policy, GetPartition);
        limiter.OnRejected = async (context, _) =>
        {
            var delay = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var time) ? time : TimeSpan.Zero;
            context.HttpContext.Response.Headers.RetryAfter =
                Math.Max(1, Math.Ceiling(delay.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            await ApiErrors.TooManyRequests.ExecuteAsync(context.HttpContext);
        };
    }

    private static RateLimitPartition<string> GetPartition(HttpContext context) =>
        RateLimitPartition.GetTokenBucketLimiter(
            GetPartitionKey(context),
            _ => CreateBucket(context.RequestServices.GetRequiredService<IOptions<RateLimitOptions>>().Value));

    /// <summary>One partition per project, one for the administrator, one per unauthenticated address.</summary>
    private static string GetPartitionKey(HttpContext context)
    {
        if (context.User.FindFirst(ApiKeyPrincipal.ProjectClaim) is { } project) return project.Value;
        return context.User.IsAdmin()
            ? ApiKeyPrincipal.AdminClaim
            : $"address {context.Connection.RemoteIpAddress}";
    }

    private static TokenBucketRateLimiterOptions CreateBucket(RateLimitOptions options) => new()
    {
        TokenLimit = 2 * options.RequestsPerSecond,
        TokensPerPeriod = options.RequestsPerSecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        QueueLimit = 0,
    };
}
