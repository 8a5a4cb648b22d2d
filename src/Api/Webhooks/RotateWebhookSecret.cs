using System.Security.Claims;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Callers;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;
using KeysCluster.Api.Idempotency;
using KeysCluster.Api.Secrets;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.Webhooks;

namespace KeysCluster.Api.Webhooks;

internal static class RotateWebhookSecret
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("{id}/rotate-secret", HandleAsync)
        .WithName("postApiGatewayV1WebhooksByIdRotate-secret")
        .RequirePermission(ApiKeyPermissions.ManageWebhooks)
        .WithSummary("Rotate the signing secret of a webhook")
        .WithDescription(
            "Creates a new signing secret, which only this response shows. For 24 hours, or for the requested grace "
            + "period, each delivery has a signature by the new secret and one by the replaced secret.")
        .Produces<WebhookWithSecretResponse>()
        .ProducesErrors(ApiErrors.InvalidMember, ApiErrors.WebhookNotFound, ApiErrors.TooManyWebhookSecrets)
        .ProducesErrors(ApiErrors.ForIdempotency);

    private static async Task<IResult> HandleAsync(
        string id, JsonBody<RotateRequest> body, SecretIssuer issuer, ClaimsPrincipal user, IGrainFactory grains)
    {
        if (!WebhookId.TryParse(id, out var webhook)) return ApiErrors.WebhookNotFound;
        var minted = WebhookSecret.Mint();
        var result = await grains.GetProject(user).RotateWebhookSecret(new RotateWebhookSecretCommand
        {
            Caller = user.GetCaller(),
            Id = webhook,
            SecretId = SecretId.New(issuer.Now),
            Secret = minted,
            GracePeriod = TimeSpan.FromSeconds(body.Value.GracePeriodSeconds),
            Idempotency = issuer.ToIdempotentRequest($"rotate {webhook}", body.Value, minted.Reveal()),
        });
        if (result.ToWebhookError() is { } error) return error;

        var secret = issuer.Reveal(result.Outcome, result.SealedSecret, minted.Reveal());
        return TypedResults.Ok(new WebhookWithSecretResponse(WebhookResource.From(result.Webhook!), secret));
    }
}
