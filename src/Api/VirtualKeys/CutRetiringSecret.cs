using System.Security.Claims;
using KeysCluster.Api.Authentication;
using KeysCluster.Api.Errors;
using KeysCluster.Secrets;
using Microsoft.AspNetCore.Mvc;

namespace KeysCluster.Api.VirtualKeys;

internal static class CutRetiringSecret
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapDelete("{id}/retiring-secrets/{secret_id}", Handle)
        .WithName("deleteApiGatewayV1Virtual-keysByIdRetiring-secretsBySecretId")
        .WithSummary("Cut a retiring secret")
        .WithDescription("Ends one replaced secret now. One that has ended, or the current one, is not found.")
        .Produces<VirtualKeyAnswer>()
        .ProducesErrors(ApiErrors.VirtualKeyNotFound, ApiErrors.RetiringSecretNotFound, ApiErrors.VirtualKeyRevoked);

    private static async Task<IResult> Handle(
        string id, [FromRoute(Name = "secret_id")] string secretId, ClaimsPrincipal user, IGrainFactory grains)
    {
        if (grains.FindVirtualKey(id) is not { } grain) return ApiErrors.VirtualKeyNotFound;
        if (!SecretId.TryParse(secretId, out var secret)) return ApiErrors.RetiringSecretNotFound;
        return (await grain.CutRetiringSecrets(new(user.Caller(), secret))).Answer();
    }
}
