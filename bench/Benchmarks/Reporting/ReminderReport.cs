using System.Globalization;
using System.Text;
using KeysCluster.Benchmarks.Reminders;
using static KeysCluster.Benchmarks.Reporting.MarkdownTableExtensions;

namespace KeysCluster.Benchmarks.Reporting;

/// <summary>The report's part on reminders.</summary>
internal static class ReminderReport
{
    public static void Write(StringBuilder text, ReminderFigures figures)
    {
        text.Append("""

            ## Reminders

            A node on a database with reminders that are due from 10 minutes to 24 hours ahead, so that none comes due
            while it is watched.

            """ + "\n");
        text.AppendTable(
            ["Outstanding", "Ready after, ms", "Starts, from – to", "Pages read at start", "Transactions/s at rest",
                "Pages/s at rest", "Rows/s at rest", "Node's processor share", "Node's memory, MiB"],
            figures.Outstanding.Select(node => new[]
            {
                node.Reminders.ToString("N0", CultureInfo.InvariantCulture), FormatFigure(node.StartMilliseconds.Median),
                FormatRange(node.StartMilliseconds), FormatFigure(node.BlocksReadAtStart.Median),
                FormatFigure(node.TransactionsPerSecond), FormatFigure(node.BlocksPerSecond), FormatFigure(node.RowsPerSecond),
                FormatFigure(node.NodeProcessorShare), FormatFigure(node.NodeMemoryMiB),
            }));

        var catchUp = figures.CatchUp;
        text.Append(CultureInfo.InvariantCulture, $"""

            A node that starts after an outage in which {catchUp.Overdue:N0} erasures came due, all within one second: the first
            erasure is durable {FormatFigure(catchUp.FirstAfterSeconds)} s after it is ready, half of them after {FormatFigure(catchUp.HalfAfterSeconds)} s, all of them, reminders
            removed, after {FormatFigure(catchUp.AllAfterSeconds)} s. A reminder ticks once a minute, so up to one minute of that is waiting. Creating keys
            over HTTP meanwhile and after:


            """);
        text.AppendTable(
            ["While it", "Requests", "Failed", "p50, ms", "p99, ms", "Longest, ms"],
            [CreateRow("catches up", catchUp.During), CreateRow("has caught up", catchUp.After)]);
        text.Append(CultureInfo.InvariantCulture, $"""

            - Reminders: rows made by `COPY` with Orleans' own hashes, in a database of their own for each number; a node that
              is a process of its own. Few and many take turns to start ({ReminderRounds.StartCount} times each; a ratio is median over median), and
              are then watched at the same time for {ReminderRounds.IdleDuration.TotalSeconds} s. At rest a node re-reads its ranges every five minutes, which costs
              what it reads of them at its start; that is in the pages read at start and may or may not fall into what is watched.
            - Overdue keys are states that the service's own rules made and its own storage wrote.

            """);
    }

    private static string[] CreateRow(string name, LatencyFigures figures) =>
    [
        name, figures.Requests.ToString(CultureInfo.InvariantCulture), figures.Failed.ToString(CultureInfo.InvariantCulture),
        FormatFigure(figures.P50Milliseconds), FormatFigure(figures.P99Milliseconds), FormatFigure(figures.MaxMilliseconds),
    ];
}
