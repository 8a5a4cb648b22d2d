using System.Security.Claims;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;
using KeysCluster.Api.Idempotency;
using KeysCluster.Api.RateLimiting;
using KeysCluster.Api.Secrets;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using Microsoft.AspNetCore.Mvc;

namespace KeysCluster.Api.Projects;

internal static class RotateApiKey
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("{key_id}/rotate", HandleAsync)
        .WithName("postApiProjectsByIdApi-keysByKeyIdRotate")
        .RequirePermissionToRotate(ApiKeyPermissions.ManageApiKeys)
        .RequireRateLimit(RateLimitPolicy.Protection)
        .WithSummary("Rotate an API key")
        .WithDescription(
            "Creates a new secret for an API key. It is valid everywhere when this response arrives, and only this "
            + "response shows it. The replaced secret stays valid for 24 hours, or for the requested grace period; it "
            + "can then only read and verify. An API key rotates only what has no more permissions, and expires no "
            + "later, than itself.")
        .Produces<ApiKeyWithSecretResponse>()
        .ProducesErrors(ApiErrors.InvalidMember)
        .ProducesErrors(ApiErrors.ApiKeyNotFound, ApiErrors.TooManyRetiringSecrets)
        .ProducesErrors(ApiErrors.ForGrant)
        .ProducesErrors(ApiErrors.ForIdempotency);

    private static async Task<IResult> HandleAsync(
        string id,
        [FromRoute(Name = "key_id")] string keyId,
        JsonBody<RotateRequest> body,
        SecretIssuer issuer,
        ClaimsPrincipal user,
        IGrainFactory grains)
    {
        var (project, caller, key, error) = grains.FindApiKey(id, keyId, user);
        if (error is not null) return error;
        var minted = ProjectApiKey.Mint(caller.Project);
        var command = new RotateSecretCommand
        {
            Caller = caller,
            Secret = NewSecret.From(minted, issuer.Now),
            GracePeriod = TimeSpan.FromSeconds(body.Value.GracePeriodSeconds),
            Idempotency = issuer.ToIdempotentRequest($"rotate {key}", body.Value, minted),
        };
        var result = await project.RotateApiKey(command, key);
        if (result.ToError() is { } refused) return refused;

        var secret = issuer.Reveal(result.Outcome, result.SealedSecret, minted);
        return TypedResults.Ok(new ApiKeyWithSecretResponse(ApiKeyResource.From(result.ApiKey!), secret));
    }
}
