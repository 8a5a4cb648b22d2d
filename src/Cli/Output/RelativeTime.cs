using System.Globalization;

namespace KeysCluster.Cli.Output;

/// <summary>Times as people read them: how long ago, or in how long.</summary>
internal static class RelativeTime
{
    /// <summary>Formats a time; a dash for none.</summary>
    public static string Format(DateTimeOffset? time, DateTimeOffset now) => time switch
    {
        null => "–",
        { } past when past <= now => $"{FormatDuration(now - past)} ago",
        { } future => $"in {FormatDuration(future - now)}",
    };

    /// <summary>Formats a time of which there is none before the first use.</summary>
    public static string FormatUse(DateTimeOffset? time, DateTimeOffset now) =>
        time is null ? "never" : Format(time, now);

    /// <summary>Two units, rounded down: a deadline must not look later than it is.</summary>
    public static string FormatDuration(TimeSpan duration) => duration switch
    {
        { TotalDays: >= 2 } => Join(duration.Days, "d", duration.Hours, "h"),
        { TotalHours: >= 1 } => Join((int)duration.TotalHours, "h", duration.Minutes, "min"),
        { TotalMinutes: >= 1 } => Join(duration.Minutes, "min", duration.Seconds, "s"),
        _ => $"{duration.Seconds} s",
    };

    private static string Join(int first, string firstUnit, int second, string secondUnit) => second == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{first} {firstUnit}")
        : string.Create(CultureInfo.InvariantCulture, $"{first} {firstUnit} {second} {secondUnit}");
}
