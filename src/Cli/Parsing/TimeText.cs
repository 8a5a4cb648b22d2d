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

    private static readonly string[] Formats =
    [
        "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
    ];

    /// <summary>Parses the value of an option.</summary>
    public static DateTimeOffset? Parse(ArgumentResult result, TimeProvider time)
    {
        var text = result.Tokens[0].Value;
        if (DurationText.TryParse(text.TrimStart('+'), out var duration)) return time.GetUtcNow() + duration;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return new DateTimeOffset(date, TimeOnly.MinValue, TimeSpan.Zero);
        if (HasOffset(text) && DateTimeOffset.TryParseExact(
            text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed))
        {
            return parsed;
        }

        result.AddError($"'{text}' is not {Description}.");
        return null;
    }

    /// <summary>Without an offset, the time would be that of whoever runs the command.</summary>
    private static bool HasOffset(string text) =>
        text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > text.IndexOf('T', StringComparison.Ordinal);
}
