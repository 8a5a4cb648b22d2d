using System.Security.Claims;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Errors;
using KeysCluster.Api.RateLimiting;

namespace KeysCluster.Api.Projects;

internal static class ArchiveProject
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapDelete("{id}", HandleAsync)
        .WithName("deleteApiProjectsById")
        .RequireAdmin()
        .RequireRateLimit(RateLimitPolicy.Protection)
        .WithSummary("Archive a project")
        .WithDescription(
            "Refuses all virtual keys and API keys of the project permanently, and removes it from the list. None is "
            + "accepted anywhere when the response arrives. Repeating it changes nothing. What is stored of the "
            + "project remains until it is erased.")
        .Produces<ProjectResponse>()
        .ProducesErrors(ApiErrors.ProjectNotFound);

    private static async Task<IResult> HandleAsync(string id, ClaimsPrincipal user, IGrainFactory grains)
    {
        if (grains.FindProject(id, user) is not { } project) return ApiErrors.ProjectNotFound;
        return (await project.Grain.Archive(project.Caller)).ToResult();
    }
}
