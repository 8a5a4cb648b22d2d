using System.Security.Claims;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Errors;
using KeysCluster.Projects;

namespace KeysCluster.Api.Projects;

internal static class GetProject
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("{id}", HandleAsync)
        .WithName("getApiProjectsById")
        .RequirePermissionToRead(ApiKeyPermissions.ManageProject, orAdmin: true)
        .WithSummary("Get a project")
        .WithDescription("An archived project is not found.")
        .Produces<ProjectResponse>()
        .ProducesErrors(ApiErrors.ProjectNotFound);

    private static async Task<IResult> HandleAsync(string id, ClaimsPrincipal user, IGrainFactory grains) =>
        await grains.ReadProjectAsync(id, user) is { } project
            ? TypedResults.Ok(ProjectResponse.From(project))
            : ApiErrors.ProjectNotFound;
}
