using System.Globalization;

namespace KeysCluster.WebConsole.Components.Shared;

/// <summary>Describes times for people. The script of the pages describes them in the same words.</summary>
internal static class Durations
{
    /// <summary>Returns a time relative to now, such as <c>5 min ago</c> or <c>in 3 h 20 min</c>.</summary>
    public static string Describe(DateTimeOffset time, DateTimeOffset now)
    {
        var difference = time - now;
        var isPast = difference < TimeSpan.Zero;
        var text = Describe(difference.Duration());
        if (isPast && difference.Duration() < TimeSpan.FromSeconds(5)) return "just now";
        return isPast ? $"{text} ago" : $"in {text}";
    }

    /// <summary>Returns a duration in its one or two largest units.</summary>
    public static string Describe(TimeSpan duration) => duration switch
    {
        { TotalDays: >= 3 } => Format($"{duration.Days} days"),
        { TotalHours: >= 1 } => Format($"{(int)duration.TotalHours} h {duration.Minutes} min"),
        { TotalMinutes: >= 1 } => Format($"{duration.Minutes} min {duration.Seconds} s"),
        _ => Format($"{duration.Seconds} s"),
    };

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
