using System.Security.Claims;
using KeysCluster.Api.Authentication;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Requests;

namespace KeysCluster.Api.VirtualKeys;

internal static class EnableVirtualKey
{
    /// <summary>Nothing to say; unknown members are ignored.</summary>
    internal sealed record Request : IMayBeEmpty;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("{id}/enable", Handle)
        .WithName("postApiGatewayV1Virtual-keysByIdEnable")
        .WithSummary("Enable a virtual key")
        .WithDescription("Undoes disabling it. Enabling it again changes nothing.")
        .Produces<VirtualKeyAnswer>()
        .ProducesErrors(ApiErrors.OfBodies)
        .ProducesErrors(ApiErrors.VirtualKeyNotFound, ApiErrors.VirtualKeyRevoked);

    private static async Task<IResult> Handle(
        string id, Body<Request> body, ClaimsPrincipal user, IGrainFactory grains)
    {
        if (grains.FindVirtualKey(id) is not { } grain) return ApiErrors.VirtualKeyNotFound;
        return (await grain.Enable(user.Caller())).Answer();
    }
}
