using KeysCluster.Api.Errors;
using KeysCluster.Projects;

namespace KeysCluster.Api.Projects;

internal static class GetProject
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("{id}", Handle)
        .WithName("getApiProjectsById")
        .WithSummary("Get a project")
        .Produces<ProjectAnswer>()
        .ProducesErrors(ApiErrors.ProjectNotFound);

    private static async Task<IResult> Handle(string id, IGrainFactory grains)
    {
        if (!ProjectId.TryParse(id, out var projectId)) return ApiErrors.ProjectNotFound;
        var project = await grains.GetProject(projectId).Get();
        return project is null
            ? ApiErrors.ProjectNotFound
            : TypedResults.Ok(new ProjectAnswer(ProjectBody.Of(project)));
    }
}
