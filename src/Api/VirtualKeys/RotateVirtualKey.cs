using System.Security.Claims;
using KeysCluster.Api.Authentication;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Requests;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.VirtualKeys;

internal static class RotateVirtualKey
{
    /// <summary>Nothing to say yet; unknown members are ignored.</summary>
    internal sealed record Request : IMayBeEmpty;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("{id}/rotate", Handle)
        .WithName("postApiGatewayV1Virtual-keysByIdRotate")
        .WithSummary("Rotate virtual key secret")
        .WithDescription(
            "Mints a fresh secret for an existing virtual key; it works when this answer arrives and is never shown again. "
            + "The replaced secret stays valid for 24 h, each one replaced earlier until its own deadline. At most 32 "
            + "secrets may be retiring at once.")
        .Produces<VirtualKeyWithSecretAnswer>()
        .ProducesErrors(400, 404, 413, 415);

    private static async Task<IResult> Handle(
        string id, Body<Request> body, ClaimsPrincipal user, IGrainFactory grains)
    {
        if (grains.FindVirtualKey(id) is not { } grain) return ApiErrors.VirtualKeyNotFound;
        var caller = user.Caller();
        var key = await grain.Get(caller);
        if (key is null) return ApiErrors.VirtualKeyNotFound;

        // Minted here and not in the grain, so that the secret itself crosses no grain call.
        var secret = VirtualKeySecret.Mint(key.Id, key.Environment);
        var result = await grain.Rotate(caller, NewSecret.Of(secret));
        return result.Error() ?? (IResult)TypedResults.Ok(
            new VirtualKeyWithSecretAnswer(VirtualKeyBody.Of(result.Key!), secret.Reveal()));
    }
}
