using System.Security.Claims;
using KeysCluster.Api.Authentication;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Requests;
using KeysCluster.Secrets;
using Microsoft.AspNetCore.Mvc;

namespace KeysCluster.Api.VirtualKeys;

internal static class MoveRetiringSecretDeadline
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPatch("{id}/retiring-secrets/{secret_id}", Handle)
        .WithName("patchApiGatewayV1Virtual-keysByIdRetiring-secretsBySecretId")
        .WithSummary("Prolong or shorten a retiring secret")
        .WithDescription("Gives one replaced secret another deadline. One that has ended does not come back: it is not found.")
        .Produces<VirtualKeyAnswer>()
        .ProducesErrors(ApiErrors.OfBodies)
        .ProducesErrors(ApiErrors.VirtualKeyNotFound, ApiErrors.RetiringSecretNotFound, ApiErrors.VirtualKeyRevoked);

    private static async Task<IResult> Handle(
        string id,
        [FromRoute(Name = "secret_id")] string secretId,
        Body<MoveDeadlineRequest> body,
        ClaimsPrincipal user,
        IGrainFactory grains)
    {
        if (grains.FindVirtualKey(id) is not { } grain) return ApiErrors.VirtualKeyNotFound;
        if (!SecretId.TryParse(secretId, out var secret)) return ApiErrors.RetiringSecretNotFound;
        return (await grain.MoveDeadline(new(user.Caller(), secret, body.Value.ValidUntil!.Value))).Answer();
    }
}
