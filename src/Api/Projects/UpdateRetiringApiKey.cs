using System.Security.Claims;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;
using KeysCluster.Api.Secrets;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using Microsoft.AspNetCore.Mvc;

namespace KeysCluster.Api.Projects;

internal static class UpdateRetiringApiKey
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPatch("{id}/retiring-api-keys/{secret_id}", HandleAsync)
            .WithName("patchApiProjectsByIdRetiring-api-keysBySecretId")
            .RequirePermission(ApiKeyPermissions.ManageApiKeys, orAdmin: true)
            .WithSummary("Change the deadline of a retiring API key")
            .WithDescription(
                "Sets an earlier or later deadline for one replaced API key. An expired API key cannot become valid "
                + "again; it is not found. " + RetiringApiKeysResponse.Note)
            .Produces<ProjectResponse>()
            .ProducesPartly<RetiringApiKeysResponse>()
            .ProducesErrors(ApiErrors.InvalidMember)
            .ProducesErrors(ApiErrors.ProjectNotFound, ApiErrors.RetiringSecretNotFound);

    private static async Task<IResult> HandleAsync(
        string id,
        [FromRoute(Name = "secret_id")] string secretId,
        JsonBody<ChangeDeadlineRequest> body,
        ClaimsPrincipal user,
        IGrainFactory grains)
    {
        if (grains.FindProject(id, user) is not { } project) return ApiErrors.ProjectNotFound;
        if (!SecretId.TryParse(secretId, out var apiKey)) return ApiErrors.RetiringSecretNotFound;
        var command = new ChangeDeadlineCommand(project.Caller, apiKey, body.Value.ValidUntil!.Value);
        return (await project.Grain.ChangeDeadline(command)).ToSecretsResult(user);
    }
}
