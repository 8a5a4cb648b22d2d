using System.ComponentModel;
using System.Text.Json.Serialization;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;
using KeysCluster.Projects;
using Microsoft.AspNetCore.Mvc;

namespace KeysCluster.Api.Projects;

internal static class ListProjects
{
    /// <summary>A page of projects.</summary>
    internal sealed record Response(
        IReadOnlyList<ProjectResource> Data,
        Pagination Pagination,
        [property: Description("Send it as `cursor` to get the next page; null on the last page.")] string? NextCursor);

    /// <summary>The position of a page, and the number of projects and pages.</summary>
    internal sealed record Pagination(
        [property: Description("The number of the page; null with a cursor.")] int? Page,
        int Limit,
        long Total,
        [property: JsonPropertyName("totalPages")] long TotalPages);

    private const int MaxPage = 1_000_000;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("", HandleAsync)
        .WithName("getApiProjects")
        .WithSummary("List projects")
        .RequireAdmin()
        .WithDescription(
            "Lists projects, newest first. Follow `next_cursor`: projects that are created meanwhile move pages by "
            + "number, and not those by cursor.")
        .Produces<Response>()
        .ProducesErrors(ApiErrors.ValidationFailed("page must be a whole number from 1 to 1000000."));

    private static async Task<IResult> HandleAsync(
        IGrainFactory grains,
        [FromQuery(Name = "cursor")]
        [Description("The `next_cursor` of the previous page. Without page.")] string? cursor = null,
        [QuerySchema(MaxNumber = MaxPage)]
        [FromQuery(Name = "page")]
        [Description("The number of the page, from 1; 1 by default. For clients without cursors.")] string? page = null,
        [QuerySchema(MaxNumber = RequestLimits.MaxPageSize)]
        [FromQuery(Name = "limit")]
        [Description("The maximum number of projects, 1 to 200; 50 by default.")] string? limit = null,
        [QuerySchema(Values = ["archived"])]
        [FromQuery(Name = "status")]
        [Description("archived lists archived projects, which the list leaves out otherwise.")] string? status = null)
    {
        if (!PageQuery.TryParseNumber(page, MaxPage, defaultValue: 1, out var number))
            return ApiErrors.ValidationFailed($"page must be a whole number from 1 to {MaxPage}.");
        if (!PageQuery.TryParseNumber(limit, RequestLimits.MaxPageSize, RequestLimits.DefaultPageSize, out var size))
            return ApiErrors.ValidationFailed($"limit must be a whole number from 1 to {RequestLimits.MaxPageSize}.");

        if (status is not (null or "" or "archived")) return ApiErrors.ValidationFailed("status must be archived.");

        var isArchived = status is "archived";
        var cursors = new ProjectCursor(isArchived);
        ProjectPosition? after = null;
        var isPaged = !string.IsNullOrEmpty(cursor);
        if (isPaged && !string.IsNullOrEmpty(page))
            return ApiErrors.ValidationFailed("cursor and page exclude each other.");
        if (isPaged && !cursors.TryDecode(cursor!, out after))
        {
            return ApiErrors.ValidationFailed(
                "cursor must be the next_cursor of an earlier response to a request with the same status.");
        }

        var list = await ReadAsync(grains.GetGrain<IProjectListGrain>(0));
        return TypedResults.Ok(new Response(
            [.. list.Projects.Select(ProjectResource.From)],
            new Pagination(isPaged ? null : number, size, list.Total, (list.Total + size - 1) / size),
            list.Next is null ? null : cursors.Encode(list.Next)));

        Task<ProjectPage> ReadAsync(IProjectListGrain grain)
        {
            if (isPaged) return grain.ListAfter(after, size, isArchived);
            return isArchived ? grain.ListArchived(number, size) : grain.List(number, size);
        }
    }
}
