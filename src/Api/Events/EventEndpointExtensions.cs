using KeysCluster.Api.Http;
using KeysCluster.Api.RateLimiting;

namespace KeysCluster.Api.Events;

internal static class EventEndpointExtensions
{
    public static void MapEvents(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api")
            .WithTags("Events")
            .RequireRateLimit(RateLimitPolicy.Management)
            .AddRequestChecks();

        ListVirtualKeyEvents.Map(group);
        ListProjectEvents.Map(group);
        ListAllEvents.Map(group);
    }
}
