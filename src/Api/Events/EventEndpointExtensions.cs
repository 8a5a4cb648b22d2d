using KeysCluster.Api.Authentication;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;

namespace KeysCluster.Api.Events;

internal static class EventEndpointExtensions
{
    public static void MapEvents(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api")
            .WithTags("Events")
            .RequireRateLimiting(RateLimitExtensions.Management)
            .AddEndpointFilter<QueryCheckFilter>()
            .ProducesErrors(ApiErrors.Common);

        var project = group.MapGroup("gateway/v1").RequireAuthorization(ApiKeyPrincipal.ProjectPolicy);
        ListVirtualKeyEvents.Map(project);
        ListProjectEvents.Map(project);

        var admin = group.MapGroup("events").RequireAuthorization(ApiKeyPrincipal.AdminPolicy);
        ListAllEvents.Map(admin);
    }
}
