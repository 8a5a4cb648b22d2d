using System.ComponentModel;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Requests;
using KeysCluster.Projects;

namespace KeysCluster.Api.Projects;

internal static class ListProjects
{
    /// <summary>A page of projects.</summary>
    internal sealed record Answer(IReadOnlyList<ProjectBody> Data, Pagination Pagination);

    /// <summary>Where a page stands among all of them.</summary>
    internal sealed record Pagination(int Page, int Limit, long Total);

    private const int MaxPage = 1_000_000;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("", Handle)
        .WithName("getApiProjects")
        .WithSummary("List projects")
        .WithDescription("All projects, newest first.")
        .Produces<Answer>()
        .ProducesErrors(ApiErrors.ValidationFailed("page must be a whole number from 1 to 1000000."));

    private static async Task<IResult> Handle(
        IGrainFactory grains,
        [Description("The page, from 1; 1 when absent.")] string? page = null,
        [Description("How many projects at most, 1 to 200; 50 when absent.")] string? limit = null)
    {
        if (PageQuery.Number(page, MaxPage, 1) is not { } number)
            return ApiErrors.ValidationFailed($"page must be a whole number from 1 to {MaxPage}.");
        if (PageQuery.Number(limit, ApiLimits.MaxPageSize, ApiLimits.DefaultPageSize) is not { } size)
            return ApiErrors.ValidationFailed($"limit must be a whole number from 1 to {ApiLimits.MaxPageSize}.");

        var found = await grains.GetGrain<IProjectListGrain>(0).List(number, size);
        return TypedResults.Ok(new Answer(
            [.. found.Projects.Select(ProjectBody.Of)], new Pagination(number, size, found.Total)));
    }
}
