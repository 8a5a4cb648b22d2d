using System.Security.Claims;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Errors;
using KeysCluster.Api.RateLimiting;
using KeysCluster.Secrets;
using Microsoft.AspNetCore.Mvc;

namespace KeysCluster.Api.Projects;

internal static class ExpireApiKeySecret
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapDelete("{key_id}/retiring-secrets/{secret_id}", HandleAsync)
            .WithName("deleteApiProjectsByIdApi-keysByKeyIdRetiring-secretsBySecretId")
            .RequireAnyCaller()
            .RequireRateLimit(RateLimitPolicy.Protection)
            .WithSummary("Expire a retiring secret of an API key")
            .WithDescription(
                "Expires one replaced secret now. An expired one and the current one are not found. A retiring secret "
                + "can expire itself without apiKeys:manage.")
            .Produces<ApiKeyResponse>()
            .ProducesErrors(ApiErrors.ForExpiryOfOthers)
            .ProducesErrors(ApiErrors.ApiKeyNotFound, ApiErrors.RetiringSecretNotFound);

    private static async Task<IResult> HandleAsync(
        string id,
        [FromRoute(Name = "key_id")] string keyId,
        [FromRoute(Name = "secret_id")] string secretId,
        ClaimsPrincipal user,
        IGrainFactory grains)
    {
        var (project, caller, key, error) = grains.FindApiKey(id, keyId, user);
        if (error is not null) return error;
        if (!SecretId.TryParse(secretId, out var secret)) return ApiErrors.RetiringSecretNotFound;
        return (await project.ExpireRetiringSecrets(new(caller, secret), key)).ToApiKeyResult();
    }
}
