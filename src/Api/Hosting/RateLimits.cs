using System.Threading.RateLimiting;
using KeysCluster.Api.Authentication;
using KeysCluster.Api.Errors;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace KeysCluster.Api.Hosting;

internal static class RateLimits
{
    /// <summary>For every call but <c>verify</c>, which services make for each of their own requests.</summary>
    public const string Management = "management";

    public static void Configure(RateLimiterOptions options)
    {
        options.AddPolicy(Management, context => RateLimitPartition.GetTokenBucketLimiter(
            Partition(context),
            _ => Bucket(context.RequestServices.GetRequiredService<IOptions<ApiSettings>>().Value)));
        options.OnRejected = async (context, _) =>
        {
            context.HttpContext.Response.Headers.RetryAfter = "1";
            await ApiErrors.TooManyRequests.ExecuteAsync(context.HttpContext);
        };
    }

    /// <summary>A project each; whoever is not authenticated shares with their address.</summary>
    private static string Partition(HttpContext context) =>
        context.User.FindFirst(ApiPrincipal.ProjectClaim)?.Value
        ?? (context.User.HasClaim(claim => claim.Type == ApiPrincipal.AdminClaim)
            ? ApiPrincipal.AdminClaim
            : $"address {context.Connection.RemoteIpAddress}");

    private static TokenBucketRateLimiterOptions Bucket(ApiSettings settings) => new()
    {
        TokenLimit = 2 * settings.RequestsPerSecond,
        TokensPerPeriod = settings.RequestsPerSecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        QueueLimit = 0,
    };
}
