using System.Globalization;
using System.Text;
using KeysCluster.Cluster.EndToEnd.Checking;
using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Reporting;

/// <summary>The report as people read it.</summary>
internal static class HistoryMarkdown
{
    private const int MaxShown = 20;

    public static string Render(HistoryReport report)
    {
        var text = new StringBuilder("# A history of the cluster under faults\n\n");
        text.Append(CultureInfo.InvariantCulture, $"""
            Clients called {report.Options.Silos} silos and {report.Options.FrontEnds} front ends on one machine while faults came and went; a checker judged every answer
            by its rules (`tests/Cluster.EndToEnd/Checking`). Repeat it with `tests/Cluster.EndToEnd/run.sh --minutes {report.Options.Duration.TotalMinutes:0.#} --silos {report.Options.Silos} --front-ends {report.Options.FrontEnds} --seed {report.Options.Seed}`;
            the seed repeats the schedule of the faults and what each client wants, not how processes interleave.

            **{report.Violations.Count} violations** in {report.Calls.Count} calls and {report.Incidents.Count(incident => incident.Kind != IncidentKind.EndedByItself)} faults, in {report.Duration.TotalMinutes:0.0} minutes.


            """);
        AppendAvailability(text, report);
        AppendFaults(text, report);
        AppendCalls(text, report);
        AppendViolations(text, report);
        return text.ToString();
    }

    private static void AppendAvailability(StringBuilder text, HistoryReport report)
    {
        text.Append("## Answers\n\n");
        AppendTable(text, ["What", "Measured"],
        [
            ["Longest time without an answer for the changes of a key, through nodes that nothing befell", FormatOutage(report.FindLongestOutage(true))],
            ["The same for its validations", FormatOutage(report.FindLongestOutage(false))],
            ["A killed silo's keys answer again after", FormatTimes(report.RecoveryTimesAfterKill)],
            ["A paused silo's keys answer again after", FormatTimes(report.RecoveryTimesAfterPause)],
            ["Calls that took longer than 10 s, to processes that were neither ended nor paused", FormatCount(report.LateCalls)],
            ["Calls without an HTTP answer, to processes that nothing befell", FormatCount(report.UnansweredCalls)],
            ["503 without `Retry-After`", FormatCount(report.UnavailableWithoutRetryAfter)],
            ["Answers of 500 and above other than 503", FormatCount(report.ServerErrors)],
        ]);
        AppendSamples(text, "Longer than 10 s, or without an answer", report.LateCalls.Union(report.UnansweredCalls).Concat(report.ServerErrors));
    }

    private static void AppendFaults(StringBuilder text, HistoryReport report)
    {
        text.Append("## Faults\n\n");
        AppendTable(text, ["Fault", "Times", "Longest until healed, s", "Longest until ready again, s"], report.Incidents
            .GroupBy(incident => incident.Kind).OrderBy(group => group.Key)
            .Select(group => (string[])
            [
                $"{group.Key}", FormatNumber(group.Count()),
                FormatSeconds(group.Max(incident => (incident.HealedAt ?? incident.Start) - incident.Start)),
                FormatSeconds(group.Max(incident => (incident.ReadyAt ?? incident.Start) - incident.Start)),
            ]));
        text.Append("A silo is declared dead in the membership table, from the start of the fault:\n\n");
        AppendTable(text, ["Fault", "Declared dead before it was healed", "After, s"], report.DeclaredDeadTimes
            .Select(row => new[] { $"{row.Kind}", $"{row.Times.Count} of {row.Of}", FormatTimes(row.Times) }));
    }

    private static void AppendCalls(StringBuilder text, HistoryReport report)
    {
        text.Append("## Calls\n\n");
        AppendTable(text, ["Call", "All", "Done", "Refused", "Unknown", "Median, ms", "99 %, ms"], report.Calls
            .GroupBy(call => call.Kind).OrderBy(group => group.Key)
            .Select(group => (string[])
            [
                $"{group.Key}", FormatNumber(group.Count()),
                .. Enum.GetValues<Outcome>().Select(outcome => FormatNumber(group.Count(call => call.Outcome == outcome))),
                FormatQuantile(group, 0.5), FormatQuantile(group, 0.99),
            ]));
        text.Append("What came instead of a result, by code:\n\n");
        AppendTable(text, ["Status", "Code", "Changes", "Validations and reads"], report.Calls
            .Where(call => call.Outcome != Outcome.Done)
            .GroupBy(call => (call.Status, call.Code)).OrderBy(group => group.Key.Status).ThenBy(group => group.Key.Code)
            .Select(group => new[]
            {
                group.Key.Status is { } status ? FormatNumber(status) : "none", group.Key.Code ?? "",
                FormatNumber(group.Count(call => call.IsChange)), FormatNumber(group.Count(call => !call.IsChange)),
            }));
        AppendTable(text, ["Verdict", "Times"], report.Calls
            .Where(call => call is { Kind: CallKind.Validate, Outcome: Outcome.Done })
            .GroupBy(call => call.Code!).OrderBy(group => group.Key)
            .Select(group => new[] { group.Key, FormatNumber(group.Count()) }));
    }

    private static void AppendViolations(StringBuilder text, HistoryReport report)
    {
        text.Append("## Violations\n\n");
        if (report.Violations.Count == 0)
        {
            text.Append("None.\n");
            return;
        }

        AppendTable(text, ["Rule", "Times"], report.Violations.GroupBy(violation => violation.Rule)
            .Select(group => new[] { group.Key, FormatNumber(group.Count()) }));
        foreach (var violation in report.Violations.GroupBy(violation => violation.Rule).SelectMany(group => group.Take(MaxShown)))
            text.Append(Explain(violation, report)).Append('\n');
    }

    /// <summary>A violation with what befell the cluster meanwhile, and the changes of its key and what its caller saw before.</summary>
    public static string Explain(Violation violation, HistoryReport report)
    {
        var from = violation.Contradicts ?? violation.Call;
        var around = report.Calls.Where(call => call.Key == violation.Call.Key && call != violation.Call
                && (call.IsChange || call.Secret == violation.Call.Secret)
                && call.End.Ticks > from.Start.Ticks - TimeSpan.TicksPerSecond && call.Start < violation.Call.End)
            .TakeLast(MaxShown);
        var incidents = report.Incidents.Where(incident => incident.Start < violation.Call.End
            && (incident.ReadyAt is not { } ready || ready.Ticks > from.Start.Ticks - TimeSpan.TicksPerSecond));
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"### {violation.Rule}: {violation.Message}\n\n```\n");
        foreach (var incident in incidents) text.Append(CultureInfo.InvariantCulture, $"{incident}\n");
        foreach (var call in around) text.Append(CultureInfo.InvariantCulture, $"{(call == violation.Contradicts ? "! " : "  ")}{call}\n");
        return text.Append(CultureInfo.InvariantCulture, $"> {violation.Call}\n```\n").ToString();
    }

    private static void AppendSamples(StringBuilder text, string title, IEnumerable<RecordedCall> calls)
    {
        var shown = calls.Take(MaxShown).ToList();
        if (shown.Count == 0) return;
        text.Append(CultureInfo.InvariantCulture, $"{title}, the first of them:\n\n```\n").AppendJoin('\n', shown).Append("\n```\n\n");
    }

    private static void AppendTable(StringBuilder text, string[] head, IEnumerable<string[]> rows)
    {
        AppendRow(text, head);
        AppendRow(text, [.. head.Select((_, column) => column == 0 ? "---" : "---:")]);
        foreach (var row in rows) AppendRow(text, row);
        text.Append('\n');
    }

    private static void AppendRow(StringBuilder text, string[] cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    private static string FormatOutage(Outage? stretch) => stretch is null
        ? "none"
        : $"{FormatSeconds(stretch.Duration)} s, during {stretch.During?.Kind.ToString() ?? "no fault"}";

    private static string FormatTimes(IReadOnlyList<TimeSpan> times) => times.Count == 0
        ? "-"
        : $"median {FormatSeconds(times[times.Count / 2])}, longest {FormatSeconds(times[^1])} ({times.Count})";

    private static string FormatCount(IReadOnlyList<RecordedCall> calls) => FormatNumber(calls.Count);

    private static string FormatNumber(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string FormatSeconds(TimeSpan time) => time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);

    private static string FormatQuantile(IEnumerable<RecordedCall> calls, double quantile)
    {
        var times = calls.Select(call => call.Duration.TotalMilliseconds).Order().ToList();
        return times[(int)((times.Count - 1) * quantile)].ToString("0.0", CultureInfo.InvariantCulture);
    }
}
