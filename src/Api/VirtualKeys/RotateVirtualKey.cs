using System.Security.Claims;
using KeysCluster.Api.Authentication;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Idempotency;
using KeysCluster.Api.Requests;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.VirtualKeys;

internal static class RotateVirtualKey
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("{id}/rotate", Handle)
        .WithName("postApiGatewayV1Virtual-keysByIdRotate")
        .WithSummary("Rotate virtual key secret")
        .WithDescription(
            "Mints a fresh secret for an existing virtual key; it works when this answer arrives and is never shown again. "
            + "The replaced secret stays valid for 24 h, or the grace period that is asked for, each one replaced earlier "
            + "until its own deadline, none past the key's expiry. At most 32 secrets may be retiring at once.")
        .Produces<VirtualKeyWithSecretAnswer>()
        .ProducesErrors(ApiErrors.OfBodies)
        .ProducesErrors(ApiErrors.VirtualKeyNotFound, ApiErrors.VirtualKeyRevoked, ApiErrors.TooManyRetiringSecrets)
        .ProducesErrors(ApiErrors.OfIdempotency);

    private static async Task<IResult> Handle(
        string id,
        Body<RotateRequest> body,
        Idempotent idempotent,
        ClaimsPrincipal user,
        IGrainFactory grains,
        TimeProvider time,
        HttpResponse response)
    {
        if (grains.FindVirtualKey(id) is not { } grain) return ApiErrors.VirtualKeyNotFound;
        var caller = user.Caller();
        var key = await grain.Get(caller);
        if (key is null) return ApiErrors.VirtualKeyNotFound;

        // Minted here and not in the grain, so that the secret itself crosses no grain call.
        var secret = VirtualKeySecret.Mint(key.Id, key.Environment);
        var result = await grain.Rotate(new RotateSecret
        {
            Caller = caller,
            Secret = NewSecret.Of(secret, time.GetUtcNow()),
            GracePeriod = TimeSpan.FromSeconds(body.Value.GracePeriodSeconds),
            Idempotency = idempotent.Mark(secret, "rotate", body.Value),
        });
        if (result.Error() is { } error) return error;
        var shown = idempotent.SecretOf(result.Outcome, result.SealedSecret, secret, response);
        return TypedResults.Ok(new VirtualKeyWithSecretAnswer(VirtualKeyBody.Of(result.Key!), shown));
    }
}
