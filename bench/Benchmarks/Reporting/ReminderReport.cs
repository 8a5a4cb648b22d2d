using System.Globalization;
using KeysCluster.Benchmarks.Reminders;
using KeysCluster.TestKit.Reporting;
using static KeysCluster.Benchmarks.Reporting.FigureFormat;

namespace KeysCluster.Benchmarks.Reporting;

/// <summary>The section on reminders.</summary>
internal static class ReminderReport
{
    public static void Append(MarkdownDocument document, ReminderFigures figures)
    {
        var catchUp = figures.CatchUp;
        document
            .Append("""
                ## Reminders

                A silo on a database with reminders that are due in 10 minutes to 24 hours, so that none is due during
                the measurement.
                """)
            .AppendTable(
                ["Outstanding", "Ready after, ms", "Starts, from – to", "Pages read at start", "Transactions/s, idle",
                    "Pages/s, idle", "Rows/s, idle", "Processor share of the silo", "Memory of the silo, MiB"],
                figures.Outstanding.Select(CreateRow))
            .Append($"""
                A silo that starts after an outage in which {catchUp.Overdue:N0} erasures became due, all within one
                second: the first erasure is durable {FormatFigure(catchUp.FirstAfterSeconds)} s after the silo is
                ready, half of them after {FormatFigure(catchUp.HalfAfterSeconds)} s, all of them, with their reminders
                removed, after {FormatFigure(catchUp.AllAfterSeconds)} s. A reminder ticks once a minute, so up to a
                minute of that is waiting. Creations of keys over HTTP in the meantime and afterwards:
                """)
            .AppendTable(
                ["Creations", "Requests", "Failed", "p50, ms", "p99, ms", "Longest, ms"],
                [CreateRow("during the erasures", catchUp.During), CreateRow("afterwards", catchUp.After)])
            .Append($"""
                - Reminders are rows written by `COPY` with the hashes of Orleans. Each number of reminders has a
                  database and a silo process. The starts with few and many reminders alternate
                  ({ReminderRounds.StartCount} each; a ratio divides medians). Afterwards both silos are measured at the
                  same time for {ReminderRounds.IdleDuration.TotalSeconds} s. An idle silo reads its ranges again every
                  five minutes, at the cost of the pages read at start; the measurement may or may not include that.
                - The rules of the service compute the states of overdue keys, and its storage writes them.
                """);
    }

    private static string[] CreateRow(OutstandingFigures silo) =>
    [
        FormatFigure(silo.Reminders),
        FormatFigure(silo.StartMilliseconds.Median),
        FormatRange(silo.StartMilliseconds),
        FormatFigure(silo.BlocksReadAtStart.Median),
        FormatFigure(silo.TransactionsPerSecond),
        FormatFigure(silo.BlocksPerSecond),
        FormatFigure(silo.RowsPerSecond),
        FormatFigure(silo.NodeProcessorShare),
        FormatFigure(silo.NodeMemoryMiB),
    ];

    private static string[] CreateRow(string name, LatencyFigures figures) =>
    [
        name,
        figures.Requests.ToString(CultureInfo.InvariantCulture),
        figures.Failed.ToString(CultureInfo.InvariantCulture),
        FormatFigure(figures.P50Milliseconds),
        FormatFigure(figures.P99Milliseconds),
        FormatFigure(figures.MaxMilliseconds),
    ];
}
