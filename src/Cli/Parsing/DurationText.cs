using System.CommandLine.Parsing;
using System.Globalization;

namespace KeysCluster.Cli.Parsing;

/// <summary>
/// Durations as people write them: a whole number and a unit, such as <c>90s</c>, <c>24h</c> or <c>7d</c>.
/// </summary>
internal static class DurationText
{
    public const string HelpName = "duration";

    /// <summary>Parses the value of an option.</summary>
    public static TimeSpan? Parse(ArgumentResult result)
    {
        // Without a value, the parser reports that one is missing.
        if (result.Tokens is not [{ Value: var text }]) return null;
        if (TryParse(text, out var duration)) return duration;
        result.AddError($"'{text}' is not a duration such as 90s, 30m, 24h or 7d.");
        return null;
    }

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        if (text == "0") return true;
        if (text.Length < 2) return false;
        if (!int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        TimeSpan? unit = text[^1] switch
        {
            's' => TimeSpan.FromSeconds(1),
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            'd' => TimeSpan.FromDays(1),
            'w' => TimeSpan.FromDays(7),
            _ => null,
        };
        if (unit is null || number > TimeSpan.MaxValue / unit.Value) return false;
        duration = number * unit.Value;
        return true;
    }
}
