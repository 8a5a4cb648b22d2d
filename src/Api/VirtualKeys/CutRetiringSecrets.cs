using System.Security.Claims;
using KeysCluster.Api.Authentication;
using KeysCluster.Api.Errors;

namespace KeysCluster.Api.VirtualKeys;

internal static class CutRetiringSecrets
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapDelete("{id}/retiring-secrets", Handle)
        .WithName("deleteApiGatewayV1Virtual-keysByIdRetiring-secrets")
        .WithSummary("Cut all retiring secrets")
        .WithDescription("Ends every replaced secret now; the current one goes on. None retiring is no error.")
        .Produces<VirtualKeyAnswer>()
        .ProducesErrors(ApiErrors.VirtualKeyNotFound, ApiErrors.VirtualKeyRevoked);

    private static async Task<IResult> Handle(string id, ClaimsPrincipal user, IGrainFactory grains)
    {
        if (grains.FindVirtualKey(id) is not { } grain) return ApiErrors.VirtualKeyNotFound;
        return (await grain.CutRetiringSecrets(new(user.Caller(), Secret: null))).Answer();
    }
}
