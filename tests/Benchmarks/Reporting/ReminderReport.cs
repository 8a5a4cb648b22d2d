using System.Globalization;
using System.Text;
using KeysCluster.Benchmarks.Reminders;
using static KeysCluster.Benchmarks.Reporting.MarkdownTable;

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
        text.Table(
            ["Outstanding", "Ready after, ms", "Starts, from – to", "Pages read at start", "Transactions/s at rest",
                "Pages/s at rest", "Rows/s at rest", "Node's processor share", "Node's memory, MiB"],
            figures.Outstanding.Select(node => new[]
            {
                node.Reminders.ToString("N0", CultureInfo.InvariantCulture), Figure(node.StartMilliseconds.Median),
                Range(node.StartMilliseconds), Figure(node.BlocksReadAtStart.Median),
                Figure(node.TransactionsPerSecond), Figure(node.BlocksPerSecond), Figure(node.RowsPerSecond),
                Figure(node.NodeProcessorShare), Figure(node.NodeMemoryMiB),
            }));

        var catchUp = figures.CatchUp;
        text.Append(CultureInfo.InvariantCulture, $"""

            A node that starts after an outage in which {catchUp.Overdue:N0} erasures came due, all within one second: the first
            erasure is durable {Figure(catchUp.FirstAfterSeconds)} s after it is ready, half of them after {Figure(catchUp.HalfAfterSeconds)} s, all of them, reminders
            removed, after {Figure(catchUp.AllAfterSeconds)} s. A reminder ticks once a minute, so up to one minute of that is waiting. Creating keys
            over HTTP meanwhile and after:


            """);
        text.Table(
            ["While it", "Requests", "Failed", "p50, ms", "p99, ms", "Longest, ms"],
            [Row("catches up", catchUp.During), Row("has caught up", catchUp.After)]);
        text.Append(CultureInfo.InvariantCulture, $"""

            - Reminders: rows made by `COPY` with Orleans' own hashes, in a database of their own for each number; a node that
              is a process of its own. Few and many take turns to start ({ReminderRounds.Starts} times each; a ratio is median over median), and
              are then watched at the same time for {ReminderRounds.Rest.TotalSeconds} s. At rest a node re-reads its ranges every five minutes, which costs
              what it reads of them at its start; that is in the pages read at start and may or may not fall into what is watched.
            - Overdue keys are states that the service's own rules made and its own storage wrote.

            """);
    }

    private static string[] Row(string name, LatencyFigures figures) =>
    [
        name, figures.Requests.ToString(CultureInfo.InvariantCulture), figures.Failed.ToString(CultureInfo.InvariantCulture),
        Figure(figures.P50Milliseconds), Figure(figures.P99Milliseconds), Figure(figures.MaxMilliseconds),
    ];
}
