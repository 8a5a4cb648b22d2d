using System.Security.Claims;
using KeysCluster.Api.Authentication;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Requests;

namespace KeysCluster.Api.VirtualKeys;

internal static class RevokeVirtualKey
{
    /// <summary>Nothing to say; unknown members are ignored.</summary>
    internal sealed record Request : IMayBeEmpty;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("{id}/revoke", Handle)
        .WithName("postApiGatewayV1Virtual-keysByIdRevoke")
        .WithSummary("Revoke a virtual key")
        .WithDescription("Ends the key and every secret of it, finally. Revoking it again changes nothing and is no error.")
        .Produces<VirtualKeyAnswer>()
        .ProducesErrors(ApiErrors.OfBodies)
        .ProducesErrors(ApiErrors.VirtualKeyNotFound);

    private static async Task<IResult> Handle(
        string id, Body<Request> body, ClaimsPrincipal user, IGrainFactory grains)
    {
        if (grains.FindVirtualKey(id) is not { } grain) return ApiErrors.VirtualKeyNotFound;
        return (await grain.Revoke(user.Caller())).Answer();
    }
}
