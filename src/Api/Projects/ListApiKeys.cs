using System.Security.Claims;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Errors;
using KeysCluster.Projects;

namespace KeysCluster.Api.Projects;

internal static class ListApiKeys
{
    /// <summary>All API keys of a project, oldest first.</summary>
    internal sealed record Response(IReadOnlyList<ApiKeyResource> Data);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("", HandleAsync)
        .WithName("getApiProjectsByIdApi-keys")
        .RequirePermissionToRead(ApiKeyPermissions.ManageApiKeys, orAdmin: true)
        .WithSummary("List API keys")
        .WithDescription("Lists all API keys of a project, oldest first, at most 100.")
        .Produces<Response>();

    private static async Task<IResult> HandleAsync(string id, ClaimsPrincipal user, IGrainFactory grains)
    {
        if (await grains.ReadProjectAsync(id, user) is not { } project) return ApiErrors.ProjectNotFound;
        return TypedResults.Ok(new Response([.. project.ApiKeys.Select(ApiKeyResource.From)]));
    }
}
