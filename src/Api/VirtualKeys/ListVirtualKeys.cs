using System.ComponentModel;
using System.Security.Claims;
using KeysCluster.Api.Authorization;
using KeysCluster.Api.Callers;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;
using KeysCluster.Projects;
using KeysCluster.VirtualKeys;
using Microsoft.AspNetCore.Mvc;

namespace KeysCluster.Api.VirtualKeys;

internal static class ListVirtualKeys
{
    /// <summary>
    /// The size of the first page when neither limit nor cursor is given: clients from before paging show only what
    /// the first response contains.
    /// </summary>
    private const int UnpagedSize = 1000;

    /// <summary>The query. Each member that is present must match.</summary>
    internal sealed record Query
    {
        [FromQuery(Name = "cursor")]
        [Description("The `next_cursor` of the previous page, of a request with the same filters.")]
        public string? Cursor { get; init; }

        [QuerySchema(MaxNumber = RequestLimits.MaxPageSize)]
        [FromQuery(Name = "limit")]
        [Description("The maximum number of keys, 1 to 200; 50 by default, and 1000 without a cursor.")]
        public string? Limit { get; init; }

        [FromQuery(Name = "external_id")]
        public string? ExternalId { get; init; }

        [QuerySchema(Values = ["active", "disabled", "revoked"])]
        [FromQuery(Name = "status")]
        [Description("active, disabled or revoked. An expired key keeps its status.")]
        public string? Status { get; init; }

        [QuerySchema(Values = ["live", "test"])]
        [FromQuery(Name = "environment")]
        [Description("live or test.")]
        public string? Environment { get; init; }

        [FromQuery(Name = "principal_user_id")]
        public string? PrincipalUserId { get; init; }

        [FromQuery(Name = "name_prefix")]
        [Description("The first characters of the name, with their case. Sorts the list by name.")]
        public string? NamePrefix { get; init; }

        [QuerySchema(IsTime = true)]
        [FromQuery(Name = "expires_before")]
        [Description("A time: keys that expire, or have expired, before it. Sorts the list by expires_at.")]
        public string? ExpiresBefore { get; init; }

        [QuerySchema(IsBoolean = true)]
        [FromQuery(Name = "has_retiring_secrets")]
        [Description("true or false. true sorts the list by the latest deadline of the retiring secrets.")]
        public string? HasRetiringSecrets { get; init; }
    }

    /// <summary>A page of virtual keys.</summary>
    internal sealed record Response(
        IReadOnlyList<VirtualKeyResource> Data,
        [property: Description("Send it as `cursor` to get the next page; null on the last page.")] string? NextCursor);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("", HandleAsync)
        .WithName("getApiGatewayV1Virtual-keys")
        .RequirePermissionToRead(ApiKeyPermissions.ViewVirtualKeys)
        .WithSummary("List virtual keys")
        .WithDescription(
            "Lists the project's virtual keys, newest first, revoked ones included. Filters can be combined; some sort "
            + "the list. Keys that are created meanwhile do not move the pages.")
        .Produces<Response>()
        .ProducesErrors(ApiErrors.ValidationFailed("limit must be a whole number from 1 to 200."));

    private static async Task<IResult> HandleAsync(
        [AsParameters] Query query, ClaimsPrincipal user, IGrainFactory grains)
    {
        var isPaged = !string.IsNullOrEmpty(query.Cursor);
        var defaultSize = isPaged ? RequestLimits.DefaultPageSize : UnpagedSize;
        if (!PageQuery.TryParseNumber(query.Limit, RequestLimits.MaxPageSize, defaultSize, out var size))
            return ApiErrors.ValidationFailed($"limit must be a whole number from 1 to {RequestLimits.MaxPageSize}.");

        var (filter, error) = VirtualKeyFilterParser.Parse(query);
        if (error is not null) return error;

        var cursor = new VirtualKeyCursor(filter);
        VirtualKeyPosition? after = null;
        if (isPaged && !cursor.TryDecode(query.Cursor!, out after))
        {
            return ApiErrors.ValidationFailed(
                "cursor must be the next_cursor of an earlier response to a request with the same filters.");
        }

        var list = grains.GetGrain<IVirtualKeyListGrain>(user.GetCaller().Project.ToString());
        var page = filter == VirtualKeyFilterParser.None
            ? await list.List(after, size)
            : await list.Find(filter, after, size);
        return TypedResults.Ok(new Response(
            [.. page.Keys.Select(VirtualKeyResource.From)],
            page.Next is null ? null : cursor.Encode(page.Next)));
    }
}
