using KeysCluster.Benchmarks.Scale;
using KeysCluster.TestKit.Reporting;
using static KeysCluster.Benchmarks.Reporting.FigureFormat;

namespace KeysCluster.Benchmarks.Reporting;

/// <summary>
/// Renders the report as Markdown: the targets, the ratios, the figures of each part, and the method of measurement.
/// </summary>
internal static class BenchmarkMarkdown
{
    public static string Render(
        BenchmarkReport report, IReadOnlyList<Headline> headlines, IReadOnlyDictionary<string, Spread> ratios)
    {
        var document = new MarkdownDocument()
            .Append(ReportText.Introduction)
            .AppendTable(["Figure", "Target", "Measured", "Reached"], headlines.Select(CreateRow))
            .Append(ReportText.HeadlineNotes)
            .Append(ReportText.RatioNotes)
            .AppendTable(["Ratio", "Median", "Rounds, from – to"], ratios.Select(ratio =>
                new[] { $"`{ratio.Key}`", FormatFigure(ratio.Value.Median), FormatRange(ratio.Value) }));
        CallReport.Append(document, report);
        if (report.Peers is { } peers) LoadReport.AppendPeers(document, peers);
        if (report.Rotation is { } rotation) RotationReport.Append(document, rotation);
        if (report.Verify is { } verify) LoadReport.AppendVerify(document, verify);
        if (report.Revoke is { } revoke) RevokeReport.Append(document, revoke);
        if (report.Reminders is { } reminders) ReminderReport.Append(document, reminders);
        if (report.Scale is { } scale) ScaleReport.Append(document, scale);
        if (report.Floods is { } floods) RestFloodReport.Append(document, floods);
        if (report.Webhooks is { } webhooks) WebhookReport.Append(document, webhooks);
        if (report.Observed is { } observed) CallReport.AppendObserved(document, observed);
        return document.Append(ReportText.DescribeMethod(report)).ToString();
    }

    private static string[] CreateRow(Headline headline) =>
    [
        $"`{headline.Name}`: {headline.Description}",
        $"{(headline.Bound == Bound.AtMost ? "≤" : "≥")} {FormatFigure(headline.Target)}",
        headline.Measured is { } measured ? FormatFigure(measured) : "–",
        headline.IsReached switch { true => "yes", false => "**no**", null => "not measured" },
    ];
}
