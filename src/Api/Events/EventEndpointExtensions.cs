using KeysCluster.Api.Http;

namespace KeysCluster.Api.Events;

internal static class EventEndpointExtensions
{
    public static void MapEvents(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api")
            .WithTags("Events")
            .RequireRateLimiting(RateLimitExtensions.Management)
            .AddRequestChecks();

        ListVirtualKeyEvents.Map(group);
        ListProjectEvents.Map(group);
        ListAllEvents.Map(group);
    }
}
