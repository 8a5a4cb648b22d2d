using System.Security.Claims;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Callers;
using KeysCluster.Api.Errors;
using KeysCluster.Projects;
using KeysCluster.Webhooks;

namespace KeysCluster.Api.Webhooks;

internal static class DeleteWebhook
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapDelete("{id}", HandleAsync)
        .WithName("deleteApiGatewayV1WebhooksById")
        .RequirePermission(ApiKeyPermissions.ManageWebhooks)
        .WithSummary("Delete a webhook")
        .WithDescription("Deletes a webhook with its signing secrets and its log. What is pending is not sent.")
        .Produces(StatusCodes.Status204NoContent)
        .ProducesErrors(ApiErrors.WebhookNotFound);

    private static async Task<IResult> HandleAsync(string id, ClaimsPrincipal user, IGrainFactory grains)
    {
        if (!WebhookId.TryParse(id, out var webhook)) return ApiErrors.WebhookNotFound;
        var result = await grains.GetProject(user).DeleteWebhook(user.GetCaller(), webhook);
        return result.ToWebhookError() ?? (IResult)TypedResults.NoContent();
    }
}
