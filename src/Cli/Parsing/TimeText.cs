using System.CommandLine.Parsing;
using System.Globalization;

namespace KeysCluster.Cli.Parsing;

/// <summary>
/// Times as people write them: a date, which is midnight in UTC, a time with its offset, or a duration from now.
/// </summary>
internal static class TimeText
{
    public const string HelpName = "time";

    public const string Description = "a date, a time with its offset, or a duration from now such as 7d";

    public const string PastDescription = "a date, a time with its offset, or a duration before now such as 1h";

    private static readonly string[] Formats =
    [
        "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
    ];

    /// <summary>Parses the value of an option, usually a time in the future.</summary>
    public static DateTimeOffset? Parse(ArgumentResult result, TimeProvider time) =>
        Parse(result, Description, duration => Add(time.GetUtcNow(), duration));

    /// <summary>Parses the value of an option, usually a time in the past.</summary>
    public static DateTimeOffset? ParsePast(ArgumentResult result, TimeProvider time) =>
        Parse(result, PastDescription, duration => Add(time.GetUtcNow(), -duration));

    private static DateTimeOffset? Parse(
        ArgumentResult result, string description, Func<TimeSpan, DateTimeOffset?> fromDuration)
    {
        // Without a value, the parser reports that one is missing.
        if (result.Tokens is not [{ Value: var text }]) return null;
        if (DurationText.TryParse(text, out var duration) && fromDuration(duration) is { } moved) return moved;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return new DateTimeOffset(date, TimeOnly.MinValue, TimeSpan.Zero);
        if (HasOffset(text) && DateTimeOffset.TryParseExact(
            text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed))
        {
            return parsed;
        }

        result.AddError($"'{text}' is not {description}.");
        return null;
    }

    /// <summary>Returns null for a time that no calendar has.</summary>
    private static DateTimeOffset? Add(DateTimeOffset now, TimeSpan duration) =>
        duration > DateTimeOffset.MaxValue - now || -duration > now - DateTimeOffset.MinValue ? null : now + duration;

    /// <summary>Without an offset, the time would be that of whoever runs the command.</summary>
    private static bool HasOffset(string text) =>
        text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > text.IndexOf('T', StringComparison.Ordinal);
}
