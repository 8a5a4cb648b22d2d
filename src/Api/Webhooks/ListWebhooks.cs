using System.Security.Claims;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Errors;
using KeysCluster.Projects;

namespace KeysCluster.Api.Webhooks;

internal static class ListWebhooks
{
    /// <summary>All webhooks of the project, oldest first.</summary>
    internal sealed record Response(IReadOnlyList<WebhookResource> Data);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("", HandleAsync)
        .WithName("getApiGatewayV1Webhooks")
        .RequirePermissionToRead(ApiKeyPermissions.ManageWebhooks)
        .WithSummary("List webhooks")
        .WithDescription("Lists all webhooks of the project, oldest first, at most 20.")
        .Produces<Response>()
        .ProducesErrors(ApiErrors.ProjectNotFound);

    private static async Task<IResult> HandleAsync(ClaimsPrincipal user, IGrainFactory grains)
    {
        if (await grains.GetProject(user).Get() is not { } project) return ApiErrors.ProjectNotFound;
        return TypedResults.Ok(new Response([.. project.Webhooks.Select(WebhookResource.From)]));
    }
}
