using System.Security.Claims;
using KeysCluster.Api.Authentication;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Requests;
using KeysCluster.Projects;
using KeysCluster.Secrets;

namespace KeysCluster.Api.Projects;

internal static class RotateProjectApiKey
{
    /// <summary>Nothing to say yet; unknown members are ignored.</summary>
    internal sealed record Request : IMayBeEmpty;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("{id}/rotate-api-key", Handle)
        .WithName("postApiProjectsByIdRotateApiKey")
        .WithSummary("Rotate a project's API key")
        .WithDescription(
            "Mints a fresh API key; it works when this answer arrives and is never shown again. The replaced one stays "
            + "valid for 24 h, each one replaced earlier until its own deadline.")
        .Produces<ProjectWithApiKeyAnswer>()
        .ProducesErrors(400, 404, 413, 415);

    private static async Task<IResult> Handle(
        string id, Body<Request> body, ClaimsPrincipal user, IGrainFactory grains)
    {
        if (!ProjectId.TryParse(id, out var projectId)) return ApiErrors.ProjectNotFound;
        var apiKey = ProjectApiKey.Mint(projectId);
        var result = await grains.GetGrain<IProjectGrain>(projectId.ToString())
            .RotateApiKey(NewSecret.Of(apiKey), user.Actor());
        return result.Outcome switch
        {
            ChangeOutcome.Done => TypedResults.Ok(
                new ProjectWithApiKeyAnswer(ProjectBody.Of(result.Project!), apiKey.Reveal())),
            ChangeOutcome.NotFound => ApiErrors.ProjectNotFound,
            ChangeOutcome.TooManyRetiringSecrets => ApiErrors.TooManyRetiringSecrets,
            _ => ApiErrors.InternalError,
        };
    }
}
