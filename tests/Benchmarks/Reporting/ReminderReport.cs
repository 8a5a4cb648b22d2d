using System.Globalization;
using System.Text;
using KeysCluster.Benchmarks.Reminders;

namespace KeysCluster.Benchmarks.Reporting;

/// <summary>The report's part on reminders.</summary>
internal static class ReminderReport
{
    public static void Write(StringBuilder text, ReminderFigures figures)
    {
        text.Append("""

            ## Reminders: what stands behind the ratios

            A node on a database with reminders that are due from 10 minutes to 24 hours ahead, so that none comes due
            while it is watched.

            """ + "\n");
        MarkdownReport.Table(
            text,
            ["Outstanding", "Ready after, ms", "Starts, from – to", "Pages read at start", "Transactions/s at rest",
                "Pages/s at rest", "Rows/s at rest", "Node's processor share", "Node's memory, MiB"],
            figures.Outstanding.Select(node => new[]
            {
                node.Reminders.ToString("N0", CultureInfo.InvariantCulture), Text(node.StartMilliseconds.Median),
                MarkdownReport.Range(node.StartMilliseconds), Text(node.BlocksReadAtStart.Median),
                Text(node.TransactionsPerSecond), Text(node.BlocksPerSecond), Text(node.RowsPerSecond),
                Text(node.NodeProcessorShare), Text(node.NodeMemoryMiB),
            }));

        var catchUp = figures.CatchUp;
        text.Append(CultureInfo.InvariantCulture, $"""

            A node that starts after an outage in which {catchUp.Overdue:N0} erasures came due, all within one second: the first
            erasure is durable {Text(catchUp.FirstAfterSeconds)} s after it is ready, half of them after {Text(catchUp.HalfAfterSeconds)} s, all of them, reminders
            removed, after {Text(catchUp.AllAfterSeconds)} s. A reminder ticks once a minute, so up to one minute of that is waiting. Creating keys
            over HTTP meanwhile and after:


            """);
        MarkdownReport.Table(
            text,
            ["While it", "Requests", "Failed", "p50, ms", "p99, ms", "Longest, ms"],
            [Row("catches up", catchUp.During), Row("has caught up", catchUp.After)]);
    }

    public static string Method() => $"""
        - Reminders: rows made by `COPY` with Orleans' own hashes, in a database of their own for each number; a node that is
          a process of its own. Few and many take turns to start ({ReminderRounds.Starts} times each; a ratio is median over median); each is
          then watched for {ReminderRounds.Rest.TotalSeconds} s. At rest a node re-reads its ranges every five minutes, which costs what it reads of
          them at its start; that is in the pages read at start and may or may not fall into the minute that is watched.
        - Overdue keys are states that the service's own rules made and its own storage wrote.

        """;

    private static string[] Row(string name, LatencyFigures figures) =>
    [
        name, figures.Requests.ToString(CultureInfo.InvariantCulture), figures.Failed.ToString(CultureInfo.InvariantCulture),
        Text(figures.P50Milliseconds), Text(figures.P99Milliseconds), Text(figures.MaxMilliseconds),
    ];

    private static string Text(double value) => RoundedNumber.Text(value);
}
