using KeysCluster.Api.Http;
using KeysCluster.Api.RateLimiting;

namespace KeysCluster.Api.VerificationCounts;

internal static class VerificationCountExtensions
{
    /// <summary>Adds the counting of the verifications that this process answers.</summary>
    public static void AddVerificationCounts(this IServiceCollection services)
    {
        services.AddSingleton<VerificationCounter>();
        services.AddHostedService<VerificationReporter>();
    }

    public static void MapVerificationCounts(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/gateway/v1/virtual-keys")
            .WithTags("Virtual Keys")
            .RequireRateLimit(RateLimitPolicy.Management)
            .AddRequestChecks();
        GetVerifications.Map(group);
    }
}
