using System.Security.Claims;
using KeysCluster.Api.Authentication;
using KeysCluster.Api.Errors;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.Events;

internal static class ListVirtualKeyEvents
{
    private const string Name = "getApiGatewayV1Virtual-keysByIdEvents";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("virtual-keys/{id}/events", HandleAsync)
        .WithName(Name)
        .WithSummary("List the events of a virtual key")
        .ProducesEvents()
        .ProducesErrors(ApiErrors.VirtualKeyNotFound);

    private static async Task<IResult> HandleAsync(
        string id,
        [AsParameters] EventListQuery query,
        ClaimsPrincipal user,
        HttpContext http,
        IGrainFactory grains)
    {
        var caller = user.GetCaller();
        if (!VirtualKeyId.TryParse(id, out var key) || await grains.GetVirtualKeyGrain(key).Get(caller) is null)
            return ApiErrors.VirtualKeyNotFound;
        return await EventList.HandleAsync(Name, caller.Project, key, query, http, grains);
    }
}
