using System.Security.Claims;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;
using KeysCluster.Projects;
using KeysCluster.Webhooks;
using Microsoft.AspNetCore.Mvc;

namespace KeysCluster.Api.Webhooks;

internal static class ListDeliveries
{
    internal sealed record Query
    {
        [FromQuery(Name = "status")]
        public string? Status { get; init; }

        [FromQuery(Name = "limit")]
        public string? Limit { get; init; }

        [FromQuery(Name = "cursor")]
        public string? Cursor { get; init; }
    }

    /// <summary>A page of deliveries, latest first.</summary>
    internal sealed record Response(IReadOnlyList<DeliveryResource> Data, string? NextCursor, bool HasMore);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("{id}/deliveries", HandleAsync)
        .WithName("getApiGatewayV1WebhooksByIdDeliveries")
        .RequirePermissionToRead(ApiKeyPermissions.ManageWebhooks)
        .WithSummary("List the deliveries of a webhook")
        .WithDescription(
            "Lists what was sent and what is pending, with the attempts, in the order in which it was added, latest "
            + "first. It is kept for 30 days.")
        .Produces<Response>()
        .ProducesErrors(ApiErrors.ValidationFailed("limit must be a whole number from 1 to 200."))
        .ProducesErrors(ApiErrors.WebhookNotFound);

    private static async Task<IResult> HandleAsync(
        string id, [AsParameters] Query query, ClaimsPrincipal user, IGrainFactory grains)
    {
        if (await grains.FindWebhookAsync(id, user) is not { } webhook) return ApiErrors.WebhookNotFound;
        if (!PageQuery.TryParseNumber(
                query.Limit, RequestLimits.MaxPageSize, RequestLimits.DefaultPageSize, out var limit))
            return ApiErrors.ValidationFailed($"limit must be a whole number from 1 to {RequestLimits.MaxPageSize}.");

        var names = StrictEnumConverter.GetNames(typeof(WebhookDeliveryStatus)).ToList();
        WebhookDeliveryStatus? status = null;
        if (query.Status is { } text)
        {
            if (!names.Contains(text))
                return ApiErrors.ValidationFailed($"status must be one of {string.Join(", ", names)}.");
            status = Enum.GetValues<WebhookDeliveryStatus>()[names.IndexOf(text)];
        }

        var cursor = new DeliveryCursor(webhook.Id, status);
        WebhookDeliveryId? after = null;
        if (!string.IsNullOrEmpty(query.Cursor))
        {
            if (!cursor.TryDecode(query.Cursor, out var last))
            {
                return ApiErrors.ValidationFailed(
                    "cursor must be the next_cursor of an earlier response to a request with the same filters.");
            }

            after = last;
        }

        var page = await grains.GetDeliveries(user).List(webhook.Id, status, after, limit);
        return TypedResults.Ok(new Response(
            [.. page.Deliveries.Select(DeliveryResource.From)],
            page.HasMore ? cursor.Encode(page.Deliveries[^1].Id) : null,
            page.HasMore));
    }
}
