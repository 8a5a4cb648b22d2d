using System.Security.Claims;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;
using KeysCluster.Api.RateLimiting;
using KeysCluster.Secrets;
using Microsoft.AspNetCore.Mvc;

namespace KeysCluster.Api.Projects;

internal static class ExpireRetiringApiKey
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapDelete("{id}/retiring-api-keys/{secret_id}", HandleAsync)
            .WithName("deleteApiProjectsByIdRetiring-api-keysBySecretId")
            .RequireAnyCaller()
            .RequireRateLimit(RateLimitPolicy.Protection)
            .WithSummary("Expire a retiring API key")
            .WithDescription("Expires one replaced API key now. An expired one and the current one are not found. "
                + "A retiring API key can expire itself without apiKeys:manage. " + RetiringApiKeysResponse.Note)
            .Produces<ProjectResponse>()
            .ProducesPartly<RetiringApiKeysResponse>()
            .ProducesErrors(ApiErrors.ForExpiryOfOthers)
            .ProducesErrors(ApiErrors.ProjectNotFound, ApiErrors.RetiringSecretNotFound);

    private static async Task<IResult> HandleAsync(
        string id, [FromRoute(Name = "secret_id")] string secretId, ClaimsPrincipal user, IGrainFactory grains)
    {
        if (grains.FindProject(id, user) is not { } project) return ApiErrors.ProjectNotFound;
        if (!SecretId.TryParse(secretId, out var apiKey)) return ApiErrors.RetiringSecretNotFound;
        return (await project.Grain.ExpireRetiringApiKeys(new(project.Caller, apiKey))).ToSecretsResult(user);
    }
}
