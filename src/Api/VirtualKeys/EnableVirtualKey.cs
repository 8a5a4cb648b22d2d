using System.Security.Claims;
using KeysCluster.Api.Authentication;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;
using KeysCluster.Projects;

namespace KeysCluster.Api.VirtualKeys;

internal static class EnableVirtualKey
{
    /// <summary>An empty object.</summary>
    internal sealed record Request : IOptionalBody;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("{id}/enable", HandleAsync)
        .WithName("postApiGatewayV1Virtual-keysByIdEnable")
        .RequirePermission(ApiKeyPermissions.UpdateVirtualKeys)
        .WithSummary("Enable a virtual key")
        .WithDescription("Enables a disabled key. Enabling an enabled key changes nothing.")
        .Produces<VirtualKeyResponse>()
        .ProducesErrors(ApiErrors.ForBody)
        .ProducesErrors(ApiErrors.VirtualKeyNotFound, ApiErrors.VirtualKeyRevoked);

    private static async Task<IResult> HandleAsync(
        string id, JsonBody<Request> body, ClaimsPrincipal user, IGrainFactory grains)
    {
        if (grains.FindVirtualKey(id) is not { } grain) return ApiErrors.VirtualKeyNotFound;
        return (await grain.Enable(user.GetCaller())).ToResult();
    }
}
