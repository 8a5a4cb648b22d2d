using System.Text;
using KeysCluster.Benchmarks.Scale;
using static KeysCluster.Benchmarks.Reporting.MarkdownTable;

namespace KeysCluster.Benchmarks.Reporting;

/// <summary>
/// The report as people read it: what was to be reached, the ratios, what stands behind them and how it was had, what
/// they do not say.
/// </summary>
internal static class MarkdownReport
{
    public static string Write(
        Report report, IReadOnlyList<Headline> headlines, IReadOnlyDictionary<string, Spread> ratios)
    {
        var text = new StringBuilder(MethodReport.Head);
        text.Table(["Figure", "Target", "Measured", "Reached"], headlines.Select(headline => new[]
        {
            $"`{headline.Name}`: {headline.Of}",
            $"{(headline.Bound == Bound.AtMost ? "≤" : "≥")} {Figure(headline.Target)}",
            headline.Measured is { } measured ? Figure(measured) : "–",
            headline.IsReached switch { true => "yes", false => "**no**", null => "not measured" },
        }));

        text.Append(MethodReport.Choices);
        text.Append(MethodReport.Ratios);
        text.Table(["Ratio", "Median", "Rounds, from – to"], ratios.Select(ratio =>
            new[] { $"`{ratio.Key}`", Figure(ratio.Value.Median), Range(ratio.Value) }));

        CallReport.Write(text, report);
        if (report.Peers is { } peers) LoadReport.WritePeers(text, peers);
        if (report.Rotation is { } rotation) RotationReport.Write(text, rotation);
        if (report.Verify is { } verify) LoadReport.WriteVerify(text, verify);
        if (report.Revoke is { } revoke) RevokeReport.Write(text, revoke);
        if (report.Reminders is { } reminders) ReminderReport.Write(text, reminders);
        if (report.Scale is { } scale) ScaleReport.Write(text, scale);
        text.Append(MethodReport.Method(report));
        return text.ToString();
    }
}
