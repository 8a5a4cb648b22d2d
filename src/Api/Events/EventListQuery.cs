using System.ComponentModel;
using KeysCluster.Api.Http;
using Microsoft.AspNetCore.Mvc;

namespace KeysCluster.Api.Events;

/// <summary>The query parameters of every list of events. Each filter that is present must match.</summary>
internal record EventListQuery
{
    [FromQuery(Name = "cursor")]
    [Description("The `next_cursor` of a response, or the `cursor` of a line, of a request with the same filters.")]
    public string? Cursor { get; init; }

    [QuerySchema(MaxNumber = RequestLimits.MaxPageSize)]
    [FromQuery(Name = "limit")]
    [Description("The maximum number of events of a page, 1 to 200; 50 by default. Not for an export.")]
    public string? Limit { get; init; }

    [FromQuery(Name = "type")]
    [Description("Such as `virtual_key.rotated`.")]
    public string? Type { get; init; }

    [FromQuery(Name = "actor")]
    [Description("The `actor.id`, or the `actor.name` of an actor without an id.")]
    public string? Actor { get; init; }

    [QuerySchema(IsTime = true)]
    [FromQuery(Name = "from")]
    [Description("A time: events at or after it. Sorts the events that exist by time.")]
    public string? From { get; init; }

    [QuerySchema(IsTime = true)]
    [FromQuery(Name = "to")]
    [Description("A time: events before it. Sorts the events that exist by time.")]
    public string? To { get; init; }

    [QuerySchema(Values = ["asc", "desc"])]
    [FromQuery(Name = "order")]
    [Description("asc, oldest first, by default; or desc, newest first, which cannot be followed.")]
    public string? Order { get; init; }
}
