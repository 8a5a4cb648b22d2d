using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using KeysCluster.Api.Authentication;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Idempotency;
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
        .ProducesErrors(ApiErrors.OfBodies)
        .ProducesErrors(ApiErrors.OfIdempotency);

    private static async Task<IResult> Handle(
        Body<Request> body,
        Idempotent idempotent,
        ClaimsPrincipal user,
        IGrainFactory grains,
        TimeProvider time,
        HttpResponse response)
    {
        var now = time.GetUtcNow();
        for (var attempt = 0; ; attempt++)
        {
            var id = idempotent.Key is { } key ? ProjectId.Of(key.IdBits("projects", attempt)) : ProjectId.New(now);
            var apiKey = ProjectApiKey.Mint(id);
            var result = await grains.GetProject(id).Create(new(
                body.Value.Name, NewSecret.Of(apiKey, now), user.Actor(), idempotent.Mark(apiKey, "create", body.Value)));

            // What this idempotency key once made is there, and its receipt is not: it means a new request by now.
            if (result.Outcome == ChangeOutcome.AlreadyExists && idempotent.Key is not null) continue;
            if (result.Error() is { } error) return error;
            var shown = idempotent.SecretOf(result.Outcome, result.SealedSecret, apiKey, response);
            return TypedResults.Created(
                $"/api/projects/{id}", new ProjectWithApiKeyAnswer(ProjectBody.Of(result.Project!), shown));
        }
    }
}
