using System.Security.Claims;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Errors;
using KeysCluster.Api.RateLimiting;
using KeysCluster.Projects;
using Microsoft.AspNetCore.Mvc;

namespace KeysCluster.Api.Projects;

internal static class DeleteApiKey
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapDelete("{key_id}", HandleAsync)
        .WithName("deleteApiProjectsByIdApi-keysByKeyId")
        .RequirePermission(ApiKeyPermissions.ManageApiKeys, orAdmin: true)
        .RequireRateLimit(RateLimitPolicy.Protection)
        .WithSummary("Delete an API key")
        .WithDescription(
            "Deletes an API key with all its secrets. None of them is accepted anywhere when the response arrives.")
        .Produces(StatusCodes.Status204NoContent)
        .ProducesErrors(ApiErrors.ApiKeyNotFound);

    private static async Task<IResult> HandleAsync(
        string id, [FromRoute(Name = "key_id")] string keyId, ClaimsPrincipal user, IGrainFactory grains)
    {
        var (project, caller, key, error) = grains.FindApiKey(id, keyId, user);
        if (error is not null) return error;
        return (await project.DeleteApiKey(caller, key)).ToError() ?? (IResult)TypedResults.NoContent();
    }
}
