using System.Security.Claims;
using KeysCluster.Api.Errors;
using KeysCluster.Secrets;
using Microsoft.AspNetCore.Mvc;

namespace KeysCluster.Api.Projects;

internal static class CutRetiringApiKey
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapDelete("{id}/retiring-api-keys/{secret_id}", Handle)
        .WithName("deleteApiProjectsByIdRetiring-api-keysBySecretId")
        .WithSummary("Cut a retiring API key")
        .WithDescription("Ends one replaced API key now. One that has ended, or the current one, is not found.")
        .Produces<ProjectAnswer>()
        .ProducesErrors(ApiErrors.ProjectNotFound, ApiErrors.RetiringSecretNotFound);

    private static async Task<IResult> Handle(
        string id, [FromRoute(Name = "secret_id")] string secretId, ClaimsPrincipal user, IGrainFactory grains)
    {
        if (grains.FindProject(id, user) is not { } project) return ApiErrors.ProjectNotFound;
        if (!SecretId.TryParse(secretId, out var apiKey)) return ApiErrors.RetiringSecretNotFound;
        return (await project.Grain.CutRetiringApiKeys(new(project.Caller, apiKey))).Answer();
    }
}
