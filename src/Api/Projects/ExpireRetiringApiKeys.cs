using System.Security.Claims;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;
using KeysCluster.Api.RateLimiting;
using KeysCluster.Projects;

namespace KeysCluster.Api.Projects;

internal static class ExpireRetiringApiKeys
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapDelete("{id}/retiring-api-keys", HandleAsync)
        .WithName("deleteApiProjectsByIdRetiring-api-keys")
        .RequirePermission(ApiKeyPermissions.ManageApiKeys, orAdmin: true)
        .RequireRateLimit(RateLimitPolicy.Protection)
        .WithSummary("Expire all retiring API keys")
        .WithDescription(
            "Expires every replaced API key now. The current one stays valid. Succeeds if no API key is retiring. "
            + RetiringApiKeysResponse.Note)
        .Produces<ProjectResponse>()
        .ProducesPartly<RetiringApiKeysResponse>()
        .ProducesErrors(ApiErrors.ProjectNotFound);

    private static async Task<IResult> HandleAsync(string id, ClaimsPrincipal user, IGrainFactory grains)
    {
        if (grains.FindProject(id, user) is not { } project) return ApiErrors.ProjectNotFound;
        return (await project.Grain.ExpireRetiringApiKeys(new(project.Caller, Secret: null))).ToSecretsResult(user);
    }
}
