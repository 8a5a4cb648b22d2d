using KeysCluster.Api.Http;
using KeysCluster.Api.RateLimiting;

namespace KeysCluster.Api.Imports;

internal static class ImportEndpointExtensions
{
    public static void MapImports(this IEndpointRouteBuilder routes) => ImportVirtualKeys.Map(
        routes.MapGroup("/api/gateway/v1/virtual-keys")
            .WithTags("Virtual Keys")
            .AddRequestChecks()
            .RequireRateLimit(RateLimitPolicy.Management));
}
