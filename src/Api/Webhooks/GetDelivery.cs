using System.Security.Claims;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Errors;
using KeysCluster.Projects;
using Microsoft.AspNetCore.Mvc;

namespace KeysCluster.Api.Webhooks;

internal static class GetDelivery
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("{id}/deliveries/{delivery_id}", HandleAsync)
        .WithName("getApiGatewayV1WebhooksByIdDeliveriesByDeliveryId")
        .RequirePermissionToRead(ApiKeyPermissions.ManageWebhooks)
        .WithSummary("Get a delivery")
        .Produces<DeliveryResponse>()
        .ProducesErrors(ApiErrors.DeliveryNotFound);

    private static Task<IResult> HandleAsync(
        string id,
        [FromRoute(Name = "delivery_id")] string deliveryId,
        ClaimsPrincipal user,
        IGrainFactory grains) => DeliveryResponse.CreateAsync(id, deliveryId, grains.GetDeliveries(user).Get);
}
