using System.Globalization;
using System.Text;
using KeysCluster.Benchmarks.Scale;

namespace KeysCluster.Benchmarks.Reporting;

/// <summary>The report as people read it: ratios, what stands behind them, how they were had, what they do not say.</summary>
internal static class MarkdownReport
{
    public static string Write(Report report, IReadOnlyDictionary<string, Spread> ratios)
    {
        var text = new StringBuilder(ReportText.Head);
        Table(text, ["Ratio", "Median", "Rounds, from – to"], ratios.Select(ratio =>
            new[] { $"`{ratio.Key}`", Figure(ratio.Value.Median), Range(ratio.Value) }));

        text.Append(ReportText.Calls);
        Table(text, ["Call", "Time, ns", "Rounds, from – to", "Allocated, B"], report.Validation.Select(call => new[]
        {
            call.Name, Figure(call.Nanoseconds.Median), Range(call.Nanoseconds),
            call.AllocatedBytes.ToString(CultureInfo.InvariantCulture),
        }));

        text.Append(ReportText.Rotations);
        Table(text, ["Change", "At once", "Per second", "Rounds, from – to", "p50, ms", "p99, ms"],
            report.Rotation.Loads
                .OrderBy(load => load.Concurrency).ThenByDescending(load => load.Pass == "first").ThenBy(load => load.Name)
                .Select(load => new[]
                {
                    $"{load.Name}, {load.Pass}", load.Concurrency.ToString(CultureInfo.InvariantCulture),
                    Figure(load.PerSecond.Median), Range(load.PerSecond),
                    Figure(load.P50Milliseconds), Figure(load.P99Milliseconds),
                }));

        if (report.Reminders is { } reminders) ReminderReport.Write(text, reminders);

        if (report.Scale is { } scale) ScaleReport.Write(text, scale);

        text.Append(ReportText.Method(report));
        return text.ToString();
    }

    public static void Table(StringBuilder text, string[] head, IEnumerable<string[]> rows)
    {
        Row(text, head);
        Row(text, [.. head.Select((_, column) => column == 0 ? "---" : "---:")]);
        foreach (var row in rows) Row(text, row);
    }

    private static void Row(StringBuilder text, string[] cells) =>
        text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    public static string Range(Spread spread) => $"{Figure(spread.Min)} – {Figure(spread.Max)}";

    private static string Figure(double value) => RoundedNumber.Text(value);
}
