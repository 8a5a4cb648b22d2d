using System.Security.Claims;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Callers;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;
using KeysCluster.Api.Idempotency;
using KeysCluster.Api.Secrets;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.VirtualKeys;

internal static class RotateVirtualKey
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("{id}/rotate", HandleAsync)
        .WithName("postApiGatewayV1Virtual-keysByIdRotate")
        .RequirePermission(ApiKeyPermissions.RotateVirtualKeys)
        .WithSummary("Rotate virtual key secret")
        .WithDescription(
            "Creates a new secret for an existing virtual key. It is valid everywhere when this response arrives, and "
            + "only this response shows it. The replaced secret stays valid for 24 hours, or for the requested grace "
            + "period. Secrets replaced earlier keep their deadlines. No deadline is later than the key's expiry. At "
            + "most 32 secrets can be retiring at once.")
        .Produces<VirtualKeyWithSecretResponse>()
        .ProducesErrors(ApiErrors.InvalidMember)
        .ProducesErrors(ApiErrors.VirtualKeyNotFound, ApiErrors.VirtualKeyRevoked, ApiErrors.TooManyRetiringSecrets)
        .ProducesErrors(ApiErrors.ForIdempotency);

    private static async Task<IResult> HandleAsync(
        string id, JsonBody<RotateRequest> body, SecretIssuer issuer, ClaimsPrincipal user, IGrainFactory grains)
    {
        if (!VirtualKeyId.TryParse(id, out var keyId)) return ApiErrors.VirtualKeyNotFound;

        // The prefix of a secret depends on the key's environment, which only the grain knows. Sending a digest of both
        // variants saves the call that would read the environment.
        var minted = MintedVirtualKeySecret.Mint(keyId);
        var secretId = SecretId.New(issuer.Now);
        var result = await grains.GetVirtualKeyGrain(keyId).Rotate(new RotateSecretCommand
        {
            Caller = user.GetCaller(),
            Secret = NewSecret.From(minted.Live, secretId),
            TestSecret = NewSecret.From(minted.Test, secretId),
            GracePeriod = TimeSpan.FromSeconds(body.Value.GracePeriodSeconds),
            Idempotency = issuer.ToIdempotentRequest("rotate", body.Value, minted.Live, minted.Test),
        });
        if (result.ToError() is { } error) return error;

        var key = result.Key!;
        var secret = issuer.Reveal(result.Outcome, result.SealedSecret, minted.Select(key));

        // The contract of this operation knows two values of the status. A disabled key has a disabled_at.
        var resource = VirtualKeyResource.From(key);
        if (resource.Status == VirtualKeyStatus.Disabled) resource = resource with { Status = VirtualKeyStatus.Active };
        return TypedResults.Ok(new VirtualKeyWithSecretResponse(resource, secret));
    }
}
