using System.Security.Claims;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Callers;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;
using KeysCluster.Api.Secrets;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using Microsoft.AspNetCore.Mvc;

namespace KeysCluster.Api.VirtualKeys;

internal static class UpdateRetiringSecret
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPatch("{id}/retiring-secrets/{secret_id}", HandleAsync)
            .WithName("patchApiGatewayV1Virtual-keysByIdRetiring-secretsBySecretId")
            .RequirePermission(ApiKeyPermissions.RotateVirtualKeys)
            .WithSummary("Change the deadline of a retiring secret")
            .WithDescription(
                "Sets an earlier or later deadline for one replaced secret. An expired secret cannot become valid "
                + "again; it is not found.")
            .Produces<VirtualKeyResponse>()
            .ProducesErrors(ApiErrors.InvalidMember)
            .ProducesErrors(
                ApiErrors.VirtualKeyNotFound, ApiErrors.RetiringSecretNotFound, ApiErrors.VirtualKeyRevoked);

    private static async Task<IResult> HandleAsync(
        string id,
        [FromRoute(Name = "secret_id")] string secretId,
        JsonBody<ChangeDeadlineRequest> body,
        ClaimsPrincipal user,
        IGrainFactory grains)
    {
        if (grains.FindVirtualKey(id) is not { } grain) return ApiErrors.VirtualKeyNotFound;
        if (!SecretId.TryParse(secretId, out var secret)) return ApiErrors.RetiringSecretNotFound;
        return (await grain.ChangeDeadline(new(user.GetCaller(), secret, body.Value.ValidUntil!.Value))).ToResult();
    }
}
