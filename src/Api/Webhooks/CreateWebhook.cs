using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Callers;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;
using KeysCluster.Api.Idempotency;
using KeysCluster.Projects;
using KeysCluster.Secrets;
using KeysCluster.Webhooks;

namespace KeysCluster.Api.Webhooks;

internal static class CreateWebhook
{
    internal sealed record Request
    {
        [Required(ErrorMessage = "is required."), Text(1, WebhookLimits.MaxUrlLength)]
        [Description("An https URL on port 443 of a public host.")]
        public string Url { get; init; } = null!;

        [Text(0, WebhookLimits.MaxDescriptionLength)]
        [Description("What the webhook is for, up to 500 characters.")]
        public string? Description { get; init; }

        [EventTypes]
        [Description("The types of events to deliver; null for all, also those that are added later.")]
        public IReadOnlyList<string>? EventTypes { get; init; }
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("", HandleAsync)
        .WithName("postApiGatewayV1Webhooks")
        .RequirePermission(ApiKeyPermissions.ManageWebhooks)
        .WithSummary("Create a webhook")
        .WithDescription(
            "Creates a webhook of the project and its signing secret, which only this response shows. Events are "
            + "posted as JSON, signed as Standard Webhooks describes, at least once, and in order for each virtual "
            + "key. A project has at most 20 webhooks.")
        .Produces<WebhookWithSecretResponse>(201)
        .ProducesErrors(ApiErrors.InvalidMember, ApiErrors.WebhookUrlNotAllowed, ApiErrors.TooManyWebhooks)
        .ProducesErrors(ApiErrors.ForIdempotency);

    private static async Task<IResult> HandleAsync(
        JsonBody<Request> body, SecretIssuer issuer, ClaimsPrincipal user, IGrainFactory grains)
    {
        var minted = WebhookSecret.Mint();
        var result = await grains.GetProject(user).CreateWebhook(new CreateWebhookCommand
        {
            Caller = user.GetCaller(),
            Id = WebhookId.New(issuer.Now),
            Url = body.Value.Url,
            Description = body.Value.Description,
            EventTypes = body.Value.EventTypes is { } types ? [.. types.Distinct()] : null,
            SecretId = SecretId.New(issuer.Now),
            Secret = minted,
            Idempotency = issuer.ToIdempotentRequest("create webhook", body.Value, minted.Reveal()),
        });
        if (result.ToWebhookError() is { } error) return error;

        // The webhook of a replay may have been deleted meanwhile.
        if (result.Webhook is not { } webhook) return ApiErrors.WebhookNotFound;
        var secret = issuer.Reveal(result.Outcome, result.SealedSecret, minted.Reveal());
        return TypedResults.Created(
            $"/api/gateway/v1/webhooks/{webhook.Id}",
            new WebhookWithSecretResponse(WebhookResource.From(webhook), secret));
    }
}
