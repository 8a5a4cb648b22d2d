using System.Security.Claims;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Callers;
using KeysCluster.Api.Errors;
using KeysCluster.Api.RateLimiting;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using Microsoft.AspNetCore.Mvc;

namespace KeysCluster.Api.VirtualKeys;

internal static class ExpireRetiringSecret
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapDelete("{id}/retiring-secrets/{secret_id}", HandleAsync)
            .WithName("deleteApiGatewayV1Virtual-keysByIdRetiring-secretsBySecretId")
            .RequirePermission(ApiKeyPermissions.RotateVirtualKeys)
            .RequireRateLimit(RateLimitPolicy.Protection)
            .WithSummary("Expire a retiring secret")
            .WithDescription("Expires one replaced secret now. An expired secret and the current one are not found.")
            .Produces<VirtualKeyResponse>()
            .ProducesErrors(
                ApiErrors.VirtualKeyNotFound, ApiErrors.RetiringSecretNotFound, ApiErrors.VirtualKeyRevoked);

    private static async Task<IResult> HandleAsync(
        string id, [FromRoute(Name = "secret_id")] string secretId, ClaimsPrincipal user, IGrainFactory grains)
    {
        if (grains.FindVirtualKey(id) is not { } grain) return ApiErrors.VirtualKeyNotFound;
        if (!SecretId.TryParse(secretId, out var secret)) return ApiErrors.RetiringSecretNotFound;
        return (await grain.ExpireRetiringSecrets(new(user.GetCaller(), secret))).ToResult();
    }
}
