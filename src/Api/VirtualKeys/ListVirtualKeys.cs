using System.ComponentModel;
using System.Security.Claims;
using KeysCluster.Api.Authentication;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Requests;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.VirtualKeys;

internal static class ListVirtualKeys
{
    /// <summary>A page of virtual keys.</summary>
    internal sealed record Answer(
        IReadOnlyList<VirtualKeyBody> Data,
        [property: Description("Send it as `cursor` to get the next page; null on the last one.")] string? NextCursor);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("", Handle)
        .WithName("getApiGatewayV1Virtual-keys")
        .WithSummary("List virtual keys")
        .WithDescription("The project's virtual keys, newest first, revoked ones included.")
        .Produces<Answer>()
        .ProducesErrors(ApiErrors.ValidationFailed("limit must be a whole number from 1 to 200."));

    private static async Task<IResult> Handle(
        ClaimsPrincipal user,
        IGrainFactory grains,
        [Description("Where the page before ended: its `next_cursor`.")] string? cursor = null,
        [Description("How many keys at most, 1 to 200; 50 when absent.")] string? limit = null)
    {
        if (PageQuery.Number(limit, ApiLimits.MaxPageSize, ApiLimits.DefaultPageSize) is not { } size)
            return ApiErrors.ValidationFailed($"limit must be a whole number from 1 to {ApiLimits.MaxPageSize}.");

        VirtualKeyPosition? after = null;
        if (!string.IsNullOrEmpty(cursor) && !PageQuery.TryReadCursor(cursor, out after))
            return ApiErrors.ValidationFailed("cursor is not one that this service gave out.");

        var list = grains.GetGrain<IVirtualKeyListGrain>(user.Caller().Project.ToString());
        var page = await list.List(after, size);
        return TypedResults.Ok(new Answer(
            [.. page.Keys.Select(VirtualKeyBody.Of)],
            page.Next is null ? null : PageQuery.Cursor(page.Next)));
    }
}
