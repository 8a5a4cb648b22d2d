using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using KeysCluster.Api.Authentication;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Requests;
using KeysCluster.Projects;
using KeysCluster.Secrets;

namespace KeysCluster.Api.Projects;

internal static class CreateProject
{
    internal sealed record Request
    {
        [Required(ErrorMessage = "is required."), Text(1, 255)]
        [Description("1 to 255 characters; names need not be unique.")]
        public string Name { get; init; } = null!;
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("", Handle)
        .WithName("postApiProjects")
        .WithSummary("Create a project")
        .WithDescription("Creates a project and its first API key. The API key is in this answer and never shown again.")
        .Produces<ProjectWithApiKeyAnswer>(201)
        .ProducesErrors(400, 413, 415);

    private static async Task<IResult> Handle(
        Body<Request> body, ClaimsPrincipal user, IGrainFactory grains, TimeProvider time)
    {
        var id = ProjectId.New(time.GetUtcNow());
        var apiKey = ProjectApiKey.Mint(id);
        var project = await grains.GetGrain<IProjectGrain>(id.ToString())
            .Create(new KeysCluster.Projects.CreateProject(body.Value.Name, NewSecret.Of(apiKey), user.Actor()));
        if (project is null) return ApiErrors.InternalError;
        return TypedResults.Created(
            $"/api/projects/{id}", new ProjectWithApiKeyAnswer(ProjectBody.Of(project), apiKey.Reveal()));
    }
}
