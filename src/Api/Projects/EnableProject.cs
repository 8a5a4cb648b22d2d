using System.Security.Claims;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Errors;

namespace KeysCluster.Api.Projects;

internal static class EnableProject
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("{id}/enable", HandleAsync)
        .WithName("postApiProjectsByIdEnable")
        .RequireAdmin()
        .WithSummary("Enable a project")
        .WithDescription(
            "Reverts disable. Enabling an enabled project changes nothing.")
        .Produces<ProjectResponse>()
        .ProducesErrors(ApiErrors.ProjectNotFound);

    private static async Task<IResult> HandleAsync(string id, ClaimsPrincipal user, IGrainFactory grains)
    {
        if (grains.FindProject(id, user) is not { } project) return ApiErrors.ProjectNotFound;
        return (await project.Grain.Enable(project.Caller)).ToResult();
    }
}
