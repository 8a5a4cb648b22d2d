using System.Security.Claims;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Callers;
using KeysCluster.Api.Errors;
using KeysCluster.Projects;

namespace KeysCluster.Api.VirtualKeys;

internal static class GetVirtualKey
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("{id}", HandleAsync)
        .WithName("getApiGatewayV1Virtual-keysById")
        .RequirePermissionToRead(ApiKeyPermissions.ViewVirtualKeys)
        .WithSummary("Get a virtual key")
        .Produces<VirtualKeyResponse>()
        .ProducesErrors(ApiErrors.VirtualKeyNotFound);

    private static async Task<IResult> HandleAsync(string id, ClaimsPrincipal user, IGrainFactory grains)
    {
        if (grains.FindVirtualKey(id) is not { } grain) return ApiErrors.VirtualKeyNotFound;
        var key = await grain.Get(user.GetCaller());
        return key is null ? ApiErrors.VirtualKeyNotFound : TypedResults.Ok(VirtualKeyResponse.From(key));
    }
}
