using System.Security.Claims;
using KeysCluster.Api.Callers;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;
using KeysCluster.Api.RateLimiting;
using KeysCluster.Projects;
using KeysCluster.Webhooks;

namespace KeysCluster.Api.Webhooks;

internal static class WebhookEndpointExtensions
{
    public static void MapWebhooks(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/gateway/v1/webhooks")
            .WithTags("Webhooks")
            .RequireRateLimit(RateLimitPolicy.Management)
            .AddRequestChecks();
        CreateWebhook.Map(group);
        ListWebhooks.Map(group);
        GetWebhook.Map(group);
        UpdateWebhook.Map(group);
        DeleteWebhook.Map(group);
        RotateWebhookSecret.Map(group);
        TestWebhook.Map(group);
        RedeliverSince.Map(group);
        ListDeliveries.Map(group);
        GetDelivery.Map(group);
        RedeliverOne.Map(group);
    }

    /// <summary>Returns the grain of the caller's project.</summary>
    public static IProjectGrain GetProject(this IGrainFactory grains, ClaimsPrincipal user) =>
        grains.GetProjectGrain(user.GetCaller().Project);

    /// <summary>Returns the grain of the deliveries of the caller's project.</summary>
    public static IWebhookDeliveryGrain GetDeliveries(this IGrainFactory grains, ClaimsPrincipal user) =>
        grains.GetGrain<IWebhookDeliveryGrain>(user.GetCaller().Project.ToString());

    /// <summary>Returns a webhook of the caller's project; null if there is none with the id in a path.</summary>
    public static async Task<Webhook?> FindWebhookAsync(this IGrainFactory grains, string id, ClaimsPrincipal user)
    {
        if (!WebhookId.TryParse(id, out var webhook)) return null;
        var project = await grains.GetProject(user).Get();
        return project?.Webhooks.FirstOrDefault(candidate => candidate.Id == webhook);
    }

    /// <summary>Returns the error of a change; null if it was applied or replayed.</summary>
    public static ErrorResult? ToWebhookError(this ProjectResult result) =>
        result.Outcome.ToError(notFound: ApiErrors.ProjectNotFound);
}
