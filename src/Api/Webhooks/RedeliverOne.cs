using System.Security.Claims;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Errors;
using KeysCluster.Projects;
using Microsoft.AspNetCore.Mvc;

namespace KeysCluster.Api.Webhooks;

internal static class RedeliverOne
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("{id}/deliveries/{delivery_id}/redeliver", HandleAsync)
        .WithName("postApiGatewayV1WebhooksByIdDeliveriesByDeliveryIdRedeliver")
        .RequirePermission(ApiKeyPermissions.ManageWebhooks)
        .WithSummary("Send a delivery again")
        .WithDescription(
            "Sends a delivery again within 15 seconds, whether or not it was accepted before, with the same "
            + "webhook-id.")
        .Produces<DeliveryResponse>()
        .ProducesErrors(ApiErrors.DeliveryNotFound);

    private static Task<IResult> HandleAsync(
        string id,
        [FromRoute(Name = "delivery_id")] string deliveryId,
        ClaimsPrincipal user,
        IGrainFactory grains) => DeliveryResponse.CreateAsync(id, deliveryId, grains.GetDeliveries(user).Redeliver);
}
