using System.Security.Claims;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Callers;
using KeysCluster.Api.Errors;
using KeysCluster.Projects;
using KeysCluster.VirtualKeys;
using Microsoft.AspNetCore.Mvc;

namespace KeysCluster.Api.Events;

internal static class ListProjectEvents
{
    private const string Name = "getApiGatewayV1Events";

    internal sealed record Query : EventListQuery
    {
        [FromQuery(Name = "virtual_key_id")]
        public string? VirtualKeyId { get; init; }
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("gateway/v1/events", HandleAsync)
        .WithName(Name)
        .RequirePermissionToRead(ApiKeyPermissions.ViewEvents)
        .WithSummary("List the events of the project and its virtual keys")
        .ProducesEvents()
        .ProducesErrors(ApiErrors.VirtualKeyNotFound);

    private static async Task<IResult> HandleAsync(
        [AsParameters] Query query, ClaimsPrincipal user, HttpContext http, IGrainFactory grains)
    {
        var caller = user.GetCaller();
        if (query.VirtualKeyId is null)
            return await EventList.HandleAsync(Name, caller.Project, key: null, query, http, grains);
        if (!VirtualKeyId.TryParse(query.VirtualKeyId, out var key)
            || await grains.GetVirtualKeyGrain(key).Get(caller) is null)
            return ApiErrors.VirtualKeyNotFound;
        return await EventList.HandleAsync(Name, caller.Project, key, query, http, grains);
    }
}
