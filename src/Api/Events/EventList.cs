using System.ComponentModel;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;
using KeysCluster.Events;
using KeysCluster.Time;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.Events;

/// <summary>What the lists of events have in common: they return a page, or export the whole range.</summary>
internal static class EventList
{
    /// <summary>The media type of an export, one event per line.</summary>
    public const string ExportMediaType = "application/x-ndjson";

    public const string Description =
        "A page lists what is visible now. Send next_cursor as cursor to continue: while has_more is true with the "
        + "next page, and later with the events that have been added since, each exactly once. With Accept: "
        + ExportMediaType + ", the whole range is exported, one event per line, each with the cursor after it.";

    private const string InvalidCursor =
        "cursor must be the next_cursor of an earlier response, or the cursor of a line, of a request to this endpoint "
        + "with the same filters.";

    /// <summary>A page of events.</summary>
    internal sealed record Response(
        IReadOnlyList<EventResource> Data,
        [property: Description("Send it as `cursor` to continue. Null only on the last page in descending order.")]
        string? NextCursor,
        [property: Description("Whether there are more events now. A page before the last one may be short or empty.")]
        bool HasMore);

    /// <summary>Documents the responses of a list.</summary>
    public static RouteHandlerBuilder ProducesEvents(this RouteHandlerBuilder endpoint) => endpoint
        .WithDescription(Description)
        .Produces<Response>()
        .WithMetadata(new ExportMetadata(typeof(EventResource)))
        .ProducesErrors(ApiErrors.ValidationFailed("limit must be a whole number from 1 to 200."));

    /// <summary>Returns the events of a project that match a query; of all projects without one.</summary>
    /// <param name="endpoint">The name of the endpoint, to which its cursors belong.</param>
    /// <param name="project">The project; null for all projects.</param>
    /// <param name="key">The virtual key; null for all keys and for the events of projects.</param>
    /// <param name="query">The query.</param>
    /// <param name="http">The request.</param>
    /// <param name="grains">The grains.</param>
    public static async Task<IResult> HandleAsync(
        string endpoint,
        ProjectId? project,
        VirtualKeyId? key,
        EventListQuery query,
        HttpContext http,
        IGrainFactory grains)
    {
        var isExport = AcceptsExport(http.Request);
        if (isExport && query.Limit is not null)
            return ApiErrors.ValidationFailed($"limit must be absent with 'Accept: {ExportMediaType}'.");
        if (!PageQuery.TryParseNumber(
                query.Limit, RequestLimits.MaxPageSize, RequestLimits.DefaultPageSize, out var limit))
            return ApiErrors.ValidationFailed($"limit must be a whole number from 1 to {RequestLimits.MaxPageSize}.");
        var (filter, error) = EventFilterParser.Parse(query, key);
        if (error is not null) return error;

        var cursor = new EventCursor(FormatList(endpoint, project, filter));
        EventPosition? after = null;
        if (!string.IsNullOrEmpty(query.Cursor) && !cursor.TryDecode(query.Cursor, out after))
            return ApiErrors.ValidationFailed(InvalidCursor);

        var list = grains.GetGrain<IEventListGrain>(project?.ToString() ?? IEventListGrain.AllProjects);
        var page = await list.Read(filter, after, isExport ? RequestLimits.MaxPageSize : limit);
        if (isExport)
        {
            return new EventExport(
                page, position => list.Read(filter, position, RequestLimits.MaxPageSize), cursor);
        }

        return TypedResults.Ok(new Response(
            [.. page.Events.Select(EventResource.From)],
            page.Next is null ? null : cursor.Encode(page.Next),
            page.HasMore));
    }

    private static bool AcceptsExport(HttpRequest request) => request.GetTypedHeaders().Accept.Any(
        accepted => accepted.Quality != 0
            && accepted.MediaType.Equals(ExportMediaType, StringComparison.OrdinalIgnoreCase));

    private static string FormatList(string endpoint, ProjectId? project, EventFilter filter) => string.Join(
        '\n',
        endpoint,
        project?.ToString(),
        filter.VirtualKeyId?.ToString(),
        filter.Type,
        filter.Actor,
        FormatTime(filter.From),
        FormatTime(filter.To),
        filter.IsDescending ? "desc" : "asc");

    private static string? FormatTime(DateTimeOffset? time) =>
        time is { } value ? UtcMillisecondJsonConverter.Format(value) : null;
}
