using System.ComponentModel;
using System.Security.Claims;
using KeysCluster.Api.Authentication;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.VirtualKeys;

internal static class ListVirtualKeys
{
    /// <summary>A page of virtual keys.</summary>
    internal sealed record Response(
        IReadOnlyList<VirtualKeyResource> Data,
        [property: Description("Send it as `cursor` to get the next page; null on the last page.")] string? NextCursor);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("", HandleAsync)
        .WithName("getApiGatewayV1Virtual-keys")
        .WithSummary("List virtual keys")
        .WithDescription("Lists the project's virtual keys, newest first, revoked ones included.")
        .Produces<Response>()
        .ProducesErrors(ApiErrors.ValidationFailed("limit must be a whole number from 1 to 200."));

    private static async Task<IResult> HandleAsync(
        ClaimsPrincipal user,
        IGrainFactory grains,
        [Description("The `next_cursor` of the previous page.")] string? cursor = null,
        [Description("The maximum number of keys, 1 to 200; 50 by default.")] string? limit = null)
    {
        if (!PageQuery.TryParseNumber(limit, RequestLimits.MaxPageSize, RequestLimits.DefaultPageSize, out var size))
            return ApiErrors.ValidationFailed($"limit must be a whole number from 1 to {RequestLimits.MaxPageSize}.");

        VirtualKeyPosition? after = null;
        if (!string.IsNullOrEmpty(cursor) && !VirtualKeyCursor.TryDecode(cursor, out after))
            return ApiErrors.ValidationFailed("cursor must be the next_cursor of an earlier response.");

        var list = grains.GetGrain<IVirtualKeyListGrain>(user.GetCaller().Project.ToString());
        var page = await list.List(after, size);
        return TypedResults.Ok(new Response(
            [.. page.Keys.Select(VirtualKeyResource.From)],
            page.Next is null ? null : VirtualKeyCursor.Encode(page.Next)));
    }
}
