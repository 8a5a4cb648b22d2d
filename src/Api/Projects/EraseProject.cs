using System.Security.Claims;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Errors;

namespace KeysCluster.Api.Projects;

internal static class EraseProject
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("{id}/erase", HandleAsync)
        .WithName("postApiProjectsByIdErase")
        .RequireAdmin()
        .WithSummary("Erase an archived project")
        .WithDescription(
            "Erases the virtual keys, API keys and events of an archived project in the background. What remains is "
            + "its id, its times, and the events that say who requested the erasure, and when it was complete. The "
            + "list of archived projects shows erased_at then.")
        .Produces<ProjectResponse>(202)
        .ProducesErrors(ApiErrors.ProjectNotFound, ApiErrors.ProjectNotArchived);

    private static async Task<IResult> HandleAsync(string id, ClaimsPrincipal user, IGrainFactory grains)
    {
        if (grains.FindProject(id, user) is not { } project) return ApiErrors.ProjectNotFound;
        var result = await project.Grain.Erase(project.Caller);
        return result.ToError() ?? (IResult)TypedResults.Accepted(
            "/api/projects?status=archived", ProjectResponse.From(result.Project!));
    }
}
