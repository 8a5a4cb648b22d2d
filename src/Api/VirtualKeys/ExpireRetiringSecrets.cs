using System.Security.Claims;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Callers;
using KeysCluster.Api.Errors;
using KeysCluster.Api.RateLimiting;
using KeysCluster.Projects;

namespace KeysCluster.Api.VirtualKeys;

internal static class ExpireRetiringSecrets
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapDelete("{id}/retiring-secrets", HandleAsync)
        .WithName("deleteApiGatewayV1Virtual-keysByIdRetiring-secrets")
        .RequirePermission(ApiKeyPermissions.RotateVirtualKeys)
        .RequireRateLimit(RateLimitPolicy.Protection)
        .WithSummary("Expire all retiring secrets")
        .WithDescription(
            "Expires every replaced secret now. The current secret stays valid. Succeeds if no secret is retiring.")
        .Produces<VirtualKeyResponse>()
        .ProducesErrors(ApiErrors.VirtualKeyNotFound, ApiErrors.VirtualKeyRevoked);

    private static async Task<IResult> HandleAsync(string id, ClaimsPrincipal user, IGrainFactory grains)
    {
        if (grains.FindVirtualKey(id) is not { } grain) return ApiErrors.VirtualKeyNotFound;
        return (await grain.ExpireRetiringSecrets(new(user.GetCaller(), Secret: null))).ToResult();
    }
}
