using System.Security.Claims;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;
using KeysCluster.Api.Secrets;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using Microsoft.AspNetCore.Mvc;

namespace KeysCluster.Api.Projects;

internal static class UpdateApiKeySecret
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPatch("{key_id}/retiring-secrets/{secret_id}", HandleAsync)
            .WithName("patchApiProjectsByIdApi-keysByKeyIdRetiring-secretsBySecretId")
            .RequirePermission(ApiKeyPermissions.ManageApiKeys, orAdmin: true)
            .WithSummary("Change the deadline of a retiring secret of an API key")
            .WithDescription(
                "Sets an earlier or later deadline for one replaced secret. An expired secret cannot become valid "
                + "again; it is not found. An API key extends only what has no more permissions than itself, and no "
                + "deadline beyond its own expiry.")
            .Produces<ApiKeyResponse>()
            .ProducesErrors(ApiErrors.InvalidMember)
            .ProducesErrors(ApiErrors.ApiKeyNotFound, ApiErrors.RetiringSecretNotFound)
            .ProducesErrors(ApiErrors.ForGrant);

    private static async Task<IResult> HandleAsync(
        string id,
        [FromRoute(Name = "key_id")] string keyId,
        [FromRoute(Name = "secret_id")] string secretId,
        JsonBody<ChangeDeadlineRequest> body,
        ClaimsPrincipal user,
        IGrainFactory grains)
    {
        var (project, caller, key, error) = grains.FindApiKey(id, keyId, user);
        if (error is not null) return error;
        if (!SecretId.TryParse(secretId, out var secret)) return ApiErrors.RetiringSecretNotFound;
        var command = new ChangeDeadlineCommand(caller, secret, body.Value.ValidUntil!.Value);
        return (await project.ChangeDeadline(command, key)).ToApiKeyResult();
    }
}
