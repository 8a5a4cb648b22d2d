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
        limiter.AddPolicy(Management, context => RateLimitPartition.GetTokenBucketLimiter(
            GetPartitionKey(context),
            _ => CreateBucket(context.RequestServices.GetRequiredService<IOptions<RateLimitOptions>>().Value)));
        limiter.OnRejected = async (context, _) =>
        {
            context.HttpContext.Response.Headers.RetryAfter = "1";
            await ApiErrors.TooManyRequests.ExecuteAsync(context.HttpContext);
        };
    }

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
