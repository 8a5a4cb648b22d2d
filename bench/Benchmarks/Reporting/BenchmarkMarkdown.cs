using System.Text;
using KeysCluster.Benchmarks.Scale;
using static KeysCluster.Benchmarks.Reporting.MarkdownTableExtensions;

namespace KeysCluster.Benchmarks.Reporting;

/// <summary>
/// The report as people read it: what was to be reached, the ratios, what stands behind them and how it was had, what
/// they do not say.
/// </summary>
internal static class BenchmarkMarkdown
{
    public static string Render(
        BenchmarkReport report, IReadOnlyList<Headline> headlines, IReadOnlyDictionary<string, Spread> ratios)
    {
        var text = new StringBuilder(ReportText.Heading);
        text.AppendTable(["Figure", "Target", "Measured", "Reached"], headlines.Select(headline => new[]
        {
            $"`{headline.Name}`: {headline.Description}",
            $"{(headline.Bound == Bound.AtMost ? "≤" : "≥")} {FormatFigure(headline.Target)}",
            headline.Measured is { } measured ? FormatFigure(measured) : "–",
            headline.IsReached switch { true => "yes", false => "**no**", null => "not measured" },
        }));

        text.Append(ReportText.HeadlineNotes);
        text.Append(ReportText.RatioNotes);
        text.AppendTable(["Ratio", "Median", "Rounds, from – to"], ratios.Select(ratio =>
            new[] { $"`{ratio.Key}`", FormatFigure(ratio.Value.Median), FormatRange(ratio.Value) }));

        CallReport.Write(text, report);
        if (report.Peers is { } peers) LoadReport.WritePeers(text, peers);
        if (report.Rotation is { } rotation) RotationReport.Write(text, rotation);
        if (report.Verify is { } verify) LoadReport.WriteVerify(text, verify);
        if (report.Revoke is { } revoke) RevokeReport.Write(text, revoke);
        if (report.Reminders is { } reminders) ReminderReport.Write(text, reminders);
        if (report.Scale is { } scale) ScaleReport.Write(text, scale);
        text.Append(ReportText.DescribeMethod(report));
        return text.ToString();
    }
}
