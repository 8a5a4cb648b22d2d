using System.Security.Claims;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Callers;
using KeysCluster.Api.Errors;
using KeysCluster.Projects;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.Events;

internal static class ListVirtualKeyEvents
{
    private const string Name = "getApiGatewayV1Virtual-keysByIdEvents";

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("gateway/v1/virtual-keys/{id}/events", HandleAsync)
        .WithName(Name)
        .RequirePermissionToRead(ApiKeyPermissions.ViewEvents)
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
