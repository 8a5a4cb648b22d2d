using System.Security.Claims;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Errors;
using KeysCluster.Projects;
using KeysCluster.Webhooks;

namespace KeysCluster.Api.Webhooks;

internal static class TestWebhook
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("{id}/test", HandleAsync)
        .WithName("postApiGatewayV1WebhooksByIdTest")
        .RequirePermission(ApiKeyPermissions.ManageWebhooks)
        .WithSummary("Send a test to a webhook")
        .WithDescription(
            "Sends an event of the type webhook.test once, also to a disabled webhook, and returns how that went.")
        .Produces<DeliveryResponse>()
        .ProducesErrors(ApiErrors.WebhookNotFound);

    private static async Task<IResult> HandleAsync(string id, ClaimsPrincipal user, IGrainFactory grains) =>
        WebhookId.TryParse(id, out var webhook)
            ? DeliveryResponse.Create(await grains.GetDeliveries(user).Test(webhook), ApiErrors.WebhookNotFound)
            : ApiErrors.WebhookNotFound;
}
