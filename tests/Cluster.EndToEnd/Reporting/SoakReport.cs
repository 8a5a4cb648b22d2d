using System.Globalization;
using KeysCluster.Cluster.EndToEnd.History;
using KeysCluster.TestKit.Reporting;

namespace KeysCluster.Cluster.EndToEnd.Reporting;

/// <summary>The report of a soak test in which no silo failed.</summary>
internal sealed class SoakReport(HistoryRunOptions options, IReadOnlyList<RecordedCall> calls)
{
    public Task WriteAsync(string folder) => new ReportFiles(folder, "soak-report").WriteAsync(ToString());

    public override string ToString() => new MarkdownDocument()
        .Append($"""
            # Soak test at full load

            {options.Silos} silos, {options.FrontEnds} front ends, PostgreSQL and {options.Clients} clients on
            {Environment.ProcessorCount} cores, and {2 * Environment.ProcessorCount} threads that only compute, for
            {options.SoakDuration.TotalMinutes:0.#} minutes: no silo was declared dead, and no process exited.
            """)
        .AppendTable(
            ["Calls", "All", "503", "Median, ms", "99 %, ms", "Longest, ms"],
            [
                .. CreateRow("validations and reads", calls.Where(call => !call.IsChange)),
                .. CreateRow("changes", calls.Where(call => call.IsChange)),
            ])
        .Append("Written by `tests/Cluster.EndToEnd/run.sh --soak 10`.")
        .ToString();

    /// <summary>Returns no row when there are no calls.</summary>
    private static IEnumerable<string[]> CreateRow(string name, IEnumerable<RecordedCall> group)
    {
        var all = group.ToList();
        if (all.Count == 0) yield break;
        var milliseconds = Percentiles.From(all.Select(call => call.Duration.TotalMilliseconds));
        yield return
        [
            name,
            all.Count.ToString(CultureInfo.InvariantCulture),
            all.Count(call => call.Status == 503).ToString(CultureInfo.InvariantCulture),
            .. new[] { milliseconds.P50, milliseconds.P99, milliseconds.Max }
                .Select(value => value.ToString("0.0", CultureInfo.InvariantCulture)),
        ];
    }
}
