using System.ComponentModel;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Errors;
using KeysCluster.VirtualKeys;
using Microsoft.AspNetCore.Mvc;

namespace KeysCluster.Api.Events;

internal static class ListAllEvents
{
    private const string Name = "getApiEvents";

    internal sealed record Query : EventListQuery
    {
        [FromQuery(Name = "project_id")]
        public string? ProjectId { get; init; }

        [FromQuery(Name = "virtual_key_id")]
        [Description("Also of a key that was deleted from the database.")]
        public string? VirtualKeyId { get; init; }
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("events", HandleAsync)
        .WithName(Name)
        .RequireAdmin()
        .WithSummary("List the events of all projects")
        .ProducesEvents();

    private static async Task<IResult> HandleAsync(
        [AsParameters] Query query, HttpContext http, IGrainFactory grains)
    {
        ProjectId project = default;
        VirtualKeyId key = default;
        if (query.ProjectId is not null && !ProjectId.TryParse(query.ProjectId, out project))
            return ApiErrors.ValidationFailed("project_id must be the id of a project.");
        if (query.VirtualKeyId is not null && !VirtualKeyId.TryParse(query.VirtualKeyId, out key))
            return ApiErrors.ValidationFailed("virtual_key_id must be the id of a virtual key.");
        return await EventList.HandleAsync(
            Name,
            query.ProjectId is null ? null : project,
            query.VirtualKeyId is null ? null : key,
            query,
            http,
            grains);
    }
}
