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
        ErrorResult? error = null;
        var filter = new EventFilter
        {
            VirtualKeyId = key,
            Type = query.Type is null || TypePattern.IsMatch(query.Type)
                ? query.Type
                : Refuse<string?>("type must be the type of an event, such as virtual_key.rotated."),
            Actor = query.Actor is null || IsActor(query.Actor)
                ? query.Actor
                : Refuse<string?>(
                    $"actor must have 1 to {MaxActorLength} characters, and no control characters."),
            From = ReadTime("from", query.From),
            To = ReadTime("to", query.To),
            IsDescending = query.Order switch
            {
                null or "asc" => false,
                "desc" => true,
                _ => Refuse<bool>("order must be asc or desc."),
            },
        };
        if (filter.From > filter.To) Refuse<bool>("from must not be later than to.");
        return (filter, error);

        DateTimeOffset? ReadTime(string name, string? text)
        {
            if (text is null) return null;
            return TimestampConverter.TryParse(text, out var time)
                ? time
                : Refuse<DateTimeOffset?>($"{name} must be a time in ISO 8601 with an offset, or a date.");
        }

        T? Refuse<T>(string message)
        {
            error ??= ApiErrors.ValidationFailed(message);
            return default;
        }
    }

    private static bool IsActor(string text) =>
        text.Length is > 0 and <= MaxActorLength && !text.Any(char.IsControl);

    /// <summary>New builds have more types, and events keep theirs, so any name of the form is accepted.</summary>
    [GeneratedRegex(@"^[a-z_]{1,32}\.[a-z_]{1,64}\z")]
    private static partial Regex TypePattern { get; }
}
