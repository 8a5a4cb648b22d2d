using KeysCluster.Api.Errors;
using KeysCluster.Projects;

namespace KeysCluster.Api.Projects;

internal static class GetProject
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("{id}", HandleAsync)
        .WithName("getApiProjectsById")
        .WithSummary("Get a project")
        .Produces<ProjectResponse>()
        .ProducesErrors(ApiErrors.ProjectNotFound);

    private static async Task<IResult> HandleAsync(string id, IGrainFactory grains)
    {
        if (!ProjectId.TryParse(id, out var projectId)) return ApiErrors.ProjectNotFound;
        var project = await grains.GetProjectGrain(projectId).Get();
        return project is null ? ApiErrors.ProjectNotFound : TypedResults.Ok(ProjectResponse.From(project));
    }
}
