using KeysCluster.Benchmarks.Webhooks;
using KeysCluster.TestKit.Reporting;
using static KeysCluster.Benchmarks.Reporting.FigureFormat;

namespace KeysCluster.Benchmarks.Reporting;

/// <summary>The section on webhooks: (i).</summary>
internal static class WebhookReport
{
    public static void Append(MarkdownDocument document, WebhookFigures figures) => document
        .Append("## Webhooks")
        .AppendTable(
            ["Rotations", "Per second", "Rounds, from – to", "Over those without", "Rounds, from – to", "p50, ms",
                "p99, ms"],
            figures.Rotations.Select(load => new[]
            {
                load.Name,
                FormatFigure(load.PerSecond.Median),
                FormatRange(load.PerSecond),
                FormatFigure(load.ThroughputOverBaseline.Median),
                FormatRange(load.ThroughputOverBaseline),
                FormatFigure(load.P50Milliseconds),
                FormatFigure(load.P99Milliseconds),
            }))
        .Append("From the response of a revocation to the arrival of its message at a healthy endpoint:")
        .AppendTable(
            ["Revocations", "p50, ms", "p99, ms", "Longest, ms"],
            [[
                FormatFigure(figures.Arrival.Requests),
                FormatFigure(figures.Arrival.P50Milliseconds),
                FormatFigure(figures.Arrival.P99Milliseconds),
                FormatFigure(figures.Arrival.MaxMilliseconds),
            ]])
        .Append($"""
            - One silo in another process, with PostgreSQL. {WebhookRounds.Count} rounds of the first rotations of new
              keys, at concurrency 16.
            - `{WebhookRounds.OfOtherProjects}`: {WebhookRounds.WebhookCount} webhooks of other projects, each with
              pending deliveries, created {WebhookRounds.WebhookAge.TotalSeconds} s before the rotations: the first
              attempts are not measured. Half of the endpoints refuse connections, the others accept them and do not
              respond.
            - `{WebhookRounds.OfTheProject}`: one webhook of the project whose keys are rotated, so that each rotation
              also adds a delivery. Its endpoint refuses connections.
            - Revocations follow one another, and are spread over the period in which the silo reads events.
            """);
}
