using System.Security.Claims;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Errors;
using KeysCluster.Api.RateLimiting;
using KeysCluster.Projects;
using Microsoft.AspNetCore.Mvc;

namespace KeysCluster.Api.Projects;

internal static class ExpireApiKeySecrets
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapDelete("{key_id}/retiring-secrets", HandleAsync)
        .WithName("deleteApiProjectsByIdApi-keysByKeyIdRetiring-secrets")
        .RequirePermission(ApiKeyPermissions.ManageApiKeys, orAdmin: true)
        .RequireRateLimit(RateLimitPolicy.Protection)
        .WithSummary("Expire all retiring secrets of an API key")
        .WithDescription(
            "Expires every replaced secret now. The current one stays valid. Succeeds if no secret is retiring.")
        .Produces<ApiKeyResponse>()
        .ProducesErrors(ApiErrors.ApiKeyNotFound);

    private static async Task<IResult> HandleAsync(
        string id, [FromRoute(Name = "key_id")] string keyId, ClaimsPrincipal user, IGrainFactory grains)
    {
        var (project, caller, key, error) = grains.FindApiKey(id, keyId, user);
        if (error is not null) return error;
        return (await project.ExpireRetiringSecrets(new(caller, Secret: null), key)).ToApiKeyResult();
    }
}
