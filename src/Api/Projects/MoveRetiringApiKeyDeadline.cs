using System.Security.Claims;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Requests;
using KeysCluster.Secrets;
using Microsoft.AspNetCore.Mvc;

namespace KeysCluster.Api.Projects;

internal static class MoveRetiringApiKeyDeadline
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPatch("{id}/retiring-api-keys/{secret_id}", Handle)
        .WithName("patchApiProjectsByIdRetiring-api-keysBySecretId")
        .WithSummary("Prolong or shorten a retiring API key")
        .WithDescription("Gives one replaced API key another deadline. One that has ended does not come back: it is not found.")
        .Produces<ProjectAnswer>()
        .ProducesErrors(ApiErrors.OfBodies)
        .ProducesErrors(ApiErrors.ProjectNotFound, ApiErrors.RetiringSecretNotFound);

    private static async Task<IResult> Handle(
        string id,
        [FromRoute(Name = "secret_id")] string secretId,
        Body<MoveDeadlineRequest> body,
        ClaimsPrincipal user,
        IGrainFactory grains)
    {
        if (grains.FindProject(id, user) is not { } project) return ApiErrors.ProjectNotFound;
        if (!SecretId.TryParse(secretId, out var apiKey)) return ApiErrors.RetiringSecretNotFound;
        return (await project.Grain.MoveDeadline(new(project.Caller, apiKey, body.Value.ValidUntil!.Value))).Answer();
    }
}
