using System.Text.RegularExpressions;
using KeysCluster.Api.Errors;
using KeysCluster.Api.Http;
using KeysCluster.Events;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.Events;

/// <summary>Parses the filters of a list of events.</summary>
internal static partial class EventFilterParser
{
    private const int MaxActorLength = 255;

    public static (EventFilter Filter, ErrorResult? Error) Parse(EventListQuery query, VirtualKeyId? key)
    {
        var errors = new QueryErrors();
        var filter = new EventFilter
        {
            VirtualKeyId = key,
            Type = query.Type is null || TypePattern.IsMatch(query.Type)
                ? query.Type
                : errors.Add<string?>("type must be the type of an event, such as virtual_key.rotated."),
            Actor = query.Actor is null || IsActor(query.Actor)
                ? query.Actor
                : errors.Add<string?>(
                    $"actor must have 1 to {MaxActorLength} characters, and no control characters."),
            From = errors.ParseTime("from", query.From),
            To = errors.ParseTime("to", query.To),
            IsDescending = query.Order switch
            {
                null or "asc" => false,
                "desc" => true,
                _ => errors.Add<bool>("order must be asc or desc."),
            },
        };
        if (filter.From > filter.To) errors.Add<bool>("from must not be later than to.");
        return (filter, errors.First);
    }

    private static bool IsActor(string text) =>
        text.Length is > 0 and <= MaxActorLength && !text.Any(char.IsControl);

    /// <summary>New builds have more types, and events keep theirs, so any name of the form is accepted.</summary>
    [GeneratedRegex(@"^[a-z_]{1,32}\.[a-z_]{1,64}\z")]
    private static partial Regex TypePattern { get; }
}
