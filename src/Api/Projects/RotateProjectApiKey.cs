using System.Security.Claims;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;
using KeysCluster.Api.Idempotency;
using KeysCluster.Api.RateLimiting;
using KeysCluster.Api.Secrets;
using KeysCluster.Projects;
using KeysCluster.Secrets;

namespace KeysCluster.Api.Projects;

internal static class RotateProjectApiKey
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("{id}/rotate-api-key", HandleAsync)
        .WithName("postApiProjectsByIdRotateApiKey")
        .RequirePermissionToRotate(ApiKeyPermissions.ManageApiKeys)
        .RequireRateLimit(RateLimitPolicy.Protection)
        .WithSummary("Rotate a project's API key")
        .WithDescription(
            "Rotates the API key with which the project was created. The new one is valid everywhere when this "
            + "response arrives, and only this response shows it. The replaced one can read and verify for 24 hours, "
            + "or for the requested grace period. API keys replaced earlier keep their deadlines. At most 32 API keys "
            + "can be retiring at once. " + RotatedApiKeyResponse.Note)
        .Produces<ProjectWithApiKeyResponse>()
        .ProducesPartly<RotatedApiKeyResponse>()
        .ProducesErrors(ApiErrors.InvalidMember)
        .ProducesErrors(ApiErrors.ProjectNotFound, ApiErrors.ApiKeyNotFound, ApiErrors.TooManyRetiringSecrets)
        .ProducesErrors(ApiErrors.ForGrant)
        .ProducesErrors(ApiErrors.ForIdempotency);

    private static async Task<IResult> HandleAsync(
        string id, JsonBody<RotateRequest> body, SecretIssuer issuer, ClaimsPrincipal user, IGrainFactory grains)
    {
        if (grains.FindProject(id, user) is not { } project) return ApiErrors.ProjectNotFound;
        var minted = ProjectApiKey.Mint(project.Caller.Project);
        var result = await project.Grain.RotateApiKey(new RotateSecretCommand
        {
            Caller = project.Caller,
            Secret = NewSecret.From(minted, issuer.Now),
            GracePeriod = TimeSpan.FromSeconds(body.Value.GracePeriodSeconds),
            Idempotency = issuer.ToIdempotentRequest("rotate", body.Value, minted),
        });
        if (result.ToError() is { } error) return error;

        var apiKey = issuer.Reveal(result.Outcome, result.SealedSecret, minted);
        return user.MaySeeProject()
            ? TypedResults.Ok(ProjectWithApiKeyResponse.From(result.Project!, apiKey))
            : TypedResults.Ok(RotatedApiKeyResponse.From(result.Project!, apiKey));
    }
}
