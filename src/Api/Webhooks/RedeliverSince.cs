using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using System.Text.Json.Serialization;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;
using KeysCluster.Projects;
using KeysCluster.Webhooks;

namespace KeysCluster.Api.Webhooks;

internal static class RedeliverSince
{
    internal sealed class Request
    {
        [Required(ErrorMessage = "is required.")]
        [Description("The time of the first event that is sent.")]
        [JsonConverter(typeof(TimestampConverter))]
        public DateTimeOffset? Since { get; init; }
    }

    internal sealed record Response(
        [property: Description("The time of the first event that is sent. An earlier request may have set it.")]
        DateTimeOffset Since);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("{id}/redeliver", HandleAsync)
        .WithName("postApiGatewayV1WebhooksByIdRedeliver")
        .RequirePermission(ApiKeyPermissions.ManageWebhooks)
        .WithSummary("Send events since a time again")
        .WithDescription(
            "Sends each event of the webhook's types since a time, in order, whether or not it was delivered before: "
            + "also events from before the webhook was created, and from while it was disabled. A disabled webhook "
            + "sends them when it is enabled. The deliveries are added after the response. "
            + "While a request is in progress, another one starts over, from the earlier time.")
        .Produces<Response>(202)
        .ProducesErrors(ApiErrors.InvalidMember, ApiErrors.WebhookNotFound);

    private static async Task<IResult> HandleAsync(
        string id, JsonBody<Request> body, ClaimsPrincipal user, IGrainFactory grains)
    {
        if (!WebhookId.TryParse(id, out var webhook)) return ApiErrors.WebhookNotFound;
        var first = await grains.GetDeliveries(user).RedeliverSince(webhook, body.Value.Since!.Value);
        return first is { } since
            ? TypedResults.Accepted(default(string), new Response(since))
            : ApiErrors.WebhookNotFound;
    }
}
