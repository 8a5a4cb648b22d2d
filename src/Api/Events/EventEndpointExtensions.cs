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
            .ProducesErrors(ApiErrors.UnknownParameter("page_size"))
            .ProducesErrors(ApiErrors.Common);

        ListVirtualKeyEvents.Map(group);
        ListProjectEvents.Map(group);
        ListAllEvents.Map(group);
    }
}
