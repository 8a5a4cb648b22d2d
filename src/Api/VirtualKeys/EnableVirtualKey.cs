using System.Security.Claims;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Callers;
using KeysCluster.Api.Errors;
using KeysCluster.Projects;

namespace KeysCluster.Api.VirtualKeys;

internal static class EnableVirtualKey
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("{id}/enable", HandleAsync)
        .WithName("postApiGatewayV1Virtual-keysByIdEnable")
        .RequirePermission(ApiKeyPermissions.UpdateVirtualKeys)
        .WithSummary("Enable a virtual key")
        .WithDescription("Enables a disabled key. Enabling an enabled key changes nothing.")
        .Produces<VirtualKeyResponse>()
        .ProducesErrors(ApiErrors.VirtualKeyNotFound, ApiErrors.VirtualKeyRevoked);

    private static async Task<IResult> HandleAsync(string id, ClaimsPrincipal user, IGrainFactory grains)
    {
        if (grains.FindVirtualKey(id) is not { } grain) return ApiErrors.VirtualKeyNotFound;
        return (await grain.Enable(user.GetCaller())).ToResult();
    }
}
