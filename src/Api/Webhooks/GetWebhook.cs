using System.Security.Claims;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Errors;
using KeysCluster.Projects;

namespace KeysCluster.Api.Webhooks;

internal static class GetWebhook
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("{id}", HandleAsync)
        .WithName("getApiGatewayV1WebhooksById")
        .RequirePermissionToRead(ApiKeyPermissions.ManageWebhooks)
        .WithSummary("Get a webhook")
        .Produces<WebhookResponse>()
        .ProducesErrors(ApiErrors.WebhookNotFound);

    private static async Task<IResult> HandleAsync(string id, ClaimsPrincipal user, IGrainFactory grains) =>
        await grains.FindWebhookAsync(id, user) is { } webhook
            ? TypedResults.Ok(WebhookResponse.From(webhook))
            : ApiErrors.WebhookNotFound;
}
