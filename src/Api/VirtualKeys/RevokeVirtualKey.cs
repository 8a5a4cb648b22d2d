using System.Security.Claims;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Callers;
using KeysCluster.Api.Errors;
using KeysCluster.Api.RateLimiting;
using KeysCluster.Projects;

namespace KeysCluster.Api.VirtualKeys;

internal static class RevokeVirtualKey
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("{id}/revoke", HandleAsync)
        .WithName("postApiGatewayV1Virtual-keysByIdRevoke")
        .RequirePermission(ApiKeyPermissions.DeleteVirtualKeys)
        .RequireRateLimit(RateLimitPolicy.Protection)
        .WithSummary("Revoke a virtual key")
        .WithDescription(
            "Revokes the key and all its secrets. This is final. Revoking a revoked key succeeds and changes nothing.")
        .Produces<VirtualKeyResponse>()
        .ProducesErrors(ApiErrors.VirtualKeyNotFound);

    private static async Task<IResult> HandleAsync(string id, ClaimsPrincipal user, IGrainFactory grains)
    {
        if (grains.FindVirtualKey(id) is not { } grain) return ApiErrors.VirtualKeyNotFound;
        return (await grain.Revoke(user.GetCaller())).ToResult();
    }
}
