using System.Security.Claims;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Errors;
using KeysCluster.Projects;
using Microsoft.AspNetCore.Mvc;

namespace KeysCluster.Api.Projects;

internal static class GetApiKey
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("{key_id}", HandleAsync)
        .WithName("getApiProjectsByIdApi-keysByKeyId")
        .RequirePermissionToRead(ApiKeyPermissions.ManageApiKeys, orAdmin: true)
        .WithSummary("Get an API key")
        .Produces<ApiKeyResponse>()
        .ProducesErrors(ApiErrors.ApiKeyNotFound);

    private static async Task<IResult> HandleAsync(
        string id, [FromRoute(Name = "key_id")] string keyId, ClaimsPrincipal user, IGrainFactory grains)
    {
        if (await grains.ReadProjectAsync(id, user) is not { } project) return ApiErrors.ProjectNotFound;
        var key = project.ApiKeys.FirstOrDefault(key => key.Id.ToString() == keyId);
        return key is null ? ApiErrors.ApiKeyNotFound : TypedResults.Ok(ApiKeyResponse.From(key));
    }
}
