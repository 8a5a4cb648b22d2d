using System.ComponentModel;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;
using KeysCluster.Projects;
using Microsoft.AspNetCore.Mvc;

namespace KeysCluster.Api.Projects;

internal static class ListProjects
{
    /// <summary>A page of projects.</summary>
    internal sealed record Response(IReadOnlyList<ProjectResource> Data, Pagination Pagination);

    /// <summary>The position of a page, and the number of projects on all pages.</summary>
    internal sealed record Pagination(int Page, int Limit, long Total);

    private const int MaxPage = 1_000_000;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("", HandleAsync)
        .WithName("getApiProjects")
        .WithSummary("List projects")
        .WithDescription("Lists all projects, newest first.")
        .Produces<Response>()
        .ProducesErrors(ApiErrors.ValidationFailed("page must be a whole number from 1 to 1000000."));

    private static async Task<IResult> HandleAsync(
        IGrainFactory grains,
        [FromQuery(Name = "page")]
        [Description("The number of the page, from 1; 1 by default.")] string? page = null,
        [FromQuery(Name = "limit")]
        [Description("The maximum number of projects, 1 to 200; 50 by default.")] string? limit = null)
    {
        if (!PageQuery.TryParseNumber(page, MaxPage, defaultValue: 1, out var number))
            return ApiErrors.ValidationFailed($"page must be a whole number from 1 to {MaxPage}.");
        if (!PageQuery.TryParseNumber(limit, RequestLimits.MaxPageSize, RequestLimits.DefaultPageSize, out var size))
            return ApiErrors.ValidationFailed($"limit must be a whole number from 1 to {RequestLimits.MaxPageSize}.");

        var list = await grains.GetGrain<IProjectListGrain>(0).List(number, size);
        return TypedResults.Ok(new Response(
            [.. list.Projects.Select(ProjectResource.From)], new Pagination(number, size, list.Total)));
    }
}
