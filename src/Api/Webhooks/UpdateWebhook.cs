using System.ComponentModel;
using System.Security.Claims;
using System.Text.Json.Serialization;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Callers;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;
using KeysCluster.Projects;
using KeysCluster.Webhooks;

namespace KeysCluster.Api.Webhooks;

internal static class UpdateWebhook
{
    internal sealed class Request
    {
        [Text(1, WebhookLimits.MaxUrlLength)]
        [Description("An https URL on port 443 of a public host.")]
        public string Url { get; init; } = null!;

        [Text(0, WebhookLimits.MaxDescriptionLength)]
        [Description("Up to 500 characters; null clears it.")]
        public string? Description
        {
            get;
            init => (field, SetsDescription) = (value, true);
        }

        [EventTypes]
        [Description("Replaces the previous list; null for all types.")]
        public IReadOnlyList<string>? EventTypes
        {
            get;
            init => (field, SetsEventTypes) = (value, true);
        }

        [Description("enabled sends what is pending as well; disabled sends nothing until the webhook is enabled.")]
        public WebhookStatus? Status { get; init; }

        [JsonIgnore]
        public bool SetsDescription { get; private init; }

        [JsonIgnore]
        public bool SetsEventTypes { get; private init; }
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPatch("{id}", HandleAsync)
        .WithName("patchApiGatewayV1WebhooksById")
        .RequirePermission(ApiKeyPermissions.ManageWebhooks)
        .WithSummary("Update a webhook")
        .WithDescription("Changes the members in the request; the others keep their values.")
        .Produces<WebhookResponse>()
        .ProducesErrors(ApiErrors.InvalidMember, ApiErrors.WebhookUrlNotAllowed, ApiErrors.WebhookNotFound);

    private static async Task<IResult> HandleAsync(
        string id, JsonBody<Request> body, ClaimsPrincipal user, IGrainFactory grains)
    {
        if (!WebhookId.TryParse(id, out var webhook)) return ApiErrors.WebhookNotFound;
        var result = await grains.GetProject(user).UpdateWebhook(new UpdateWebhookCommand
        {
            Caller = user.GetCaller(),
            Id = webhook,
            Url = body.Value.Url,
            SetsDescription = body.Value.SetsDescription,
            Description = body.Value.Description,
            SetsEventTypes = body.Value.SetsEventTypes,
            EventTypes = body.Value.EventTypes is { } types ? [.. types.Distinct()] : null,
            IsDisabled = body.Value.Status is { } status ? status == WebhookStatus.Disabled : null,
        });
        return result.ToWebhookError() ?? (IResult)TypedResults.Ok(WebhookResponse.From(result.Webhook!));
    }
}
