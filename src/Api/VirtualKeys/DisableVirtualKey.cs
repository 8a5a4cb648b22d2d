using System.ComponentModel;
using System.Security.Claims;
using KeysCluster.Api.Authentication;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Requests;

namespace KeysCluster.Api.VirtualKeys;

internal static class DisableVirtualKey
{
    internal sealed record Request : IMayBeEmpty
    {
        [Text(0, 500, IsMultiline = true)]
        [Description("Shown with the key, for people.")]
        public string? Reason { get; init; }
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("{id}/disable", Handle)
        .WithName("postApiGatewayV1Virtual-keysByIdDisable")
        .WithSummary("Disable a virtual key")
        .WithDescription(
            "Stops every secret of the key until it is enabled again; running graces go on. Disabling it again changes "
            + "nothing, the first reason included.")
        .Produces<VirtualKeyAnswer>()
        .ProducesErrors(ApiErrors.OfBodies)
        .ProducesErrors(ApiErrors.VirtualKeyNotFound, ApiErrors.VirtualKeyRevoked);

    private static async Task<IResult> Handle(
        string id, Body<Request> body, ClaimsPrincipal user, IGrainFactory grains)
    {
        if (grains.FindVirtualKey(id) is not { } grain) return ApiErrors.VirtualKeyNotFound;
        return (await grain.Disable(user.Caller(), body.Value.Reason)).Answer();
    }
}
