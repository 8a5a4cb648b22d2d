using System.Globalization;
using System.Text;
using KeysCluster.Cluster.EndToEnd.Checking;
using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Reporting;

/// <summary>The report as people read it.</summary>
internal static class MarkdownReport
{
    private const int Shown = 20;

    public static string Write(Report report)
    {
        var text = new StringBuilder("# A history of the cluster under faults\n\n");
        text.Append(CultureInfo.InvariantCulture, $"""
            Clients called {report.Settings.Silos} silos and {report.Settings.FrontEnds} front ends on one machine while faults came and went; a checker judged every answer
            by its rules (`tests/Cluster.EndToEnd/Checking`). Repeat it with `tests/Cluster.EndToEnd/run.sh --minutes {report.Settings.Duration.TotalMinutes:0.#} --silos {report.Settings.Silos} --front-ends {report.Settings.FrontEnds} --seed {report.Settings.Seed}`;
            the seed repeats the schedule of the faults and what each client wants, not how processes interleave.

            **{report.Violations.Count} violations** in {report.Calls.Count} calls and {report.Incidents.Count(incident => incident.Kind != IncidentKind.EndedByItself)} faults, in {report.Duration.TotalMinutes:0.0} minutes.


            """);
        Availability(text, report);
        Faults(text, report);
        Calls(text, report);
        Violations(text, report);
        return text.ToString();
    }

    private static void Availability(StringBuilder text, Report report)
    {
        text.Append("## Answers\n\n");
        Table(text, ["What", "Measured"],
        [
            ["Longest time without an answer for the changes of a key, through nodes that nothing befell", Of(report.Longest(true))],
            ["The same for its validations", Of(report.Longest(false))],
            ["A killed silo's keys answer again after", Spread(report.KilledUntilAnswers)],
            ["A paused silo's keys answer again after", Spread(report.PausedUntilAnswers)],
            ["Calls that took longer than 10 s, to processes that were neither ended nor paused", Count(report.Late)],
            ["Calls without an HTTP answer, to processes that nothing befell", Count(report.Unanswered)],
            ["503 without `Retry-After`", Count(report.WithoutRetryAfter)],
            ["Answers of 500 and above other than 503", Count(report.OtherFailures)],
        ]);
        Samples(text, "Longer than 10 s, or without an answer", report.Late.Union(report.Unanswered).Concat(report.OtherFailures));
    }

    private static void Faults(StringBuilder text, Report report)
    {
        text.Append("## Faults\n\n");
        Table(text, ["Fault", "Times", "Longest until healed, s", "Longest until ready again, s"], report.Incidents
            .GroupBy(incident => incident.Kind).OrderBy(group => group.Key)
            .Select(group => (string[])
            [
                $"{group.Key}", Number(group.Count()),
                Seconds(group.Max(incident => (incident.Healed ?? incident.Start) - incident.Start)),
                Seconds(group.Max(incident => (incident.Ready ?? incident.Start) - incident.Start)),
            ]));
        text.Append("A silo is declared dead in the membership table, from the start of the fault:\n\n");
        Table(text, ["Fault", "Declared dead before it was healed", "After, s"], report.DeclaredDead
            .Select(row => new[] { $"{row.Kind}", $"{row.Times.Count} of {row.Of}", Spread(row.Times) }));
    }

    private static void Calls(StringBuilder text, Report report)
    {
        text.Append("## Calls\n\n");
        Table(text, ["Call", "All", "Done", "Refused", "Unknown", "Median, ms", "99 %, ms"], report.Calls
            .GroupBy(call => call.Kind).OrderBy(group => group.Key)
            .Select(group => (string[])
            [
                $"{group.Key}", Number(group.Count()),
                .. Enum.GetValues<Outcome>().Select(outcome => Number(group.Count(call => call.Outcome == outcome))),
                Milliseconds(group, 0.5), Milliseconds(group, 0.99),
            ]));
        text.Append("What came instead of a result, by code:\n\n");
        Table(text, ["Status", "Code", "Changes", "Validations and reads"], report.Calls
            .Where(call => call.Outcome != Outcome.Done)
            .GroupBy(call => (call.Status, call.Code)).OrderBy(group => group.Key.Status).ThenBy(group => group.Key.Code)
            .Select(group => new[]
            {
                group.Key.Status is { } status ? Number(status) : "none", group.Key.Code ?? "",
                Number(group.Count(call => call.IsChange)), Number(group.Count(call => !call.IsChange)),
            }));
        Table(text, ["Verdict", "Times"], report.Calls
            .Where(call => call is { Kind: CallKind.Validate, Outcome: Outcome.Done })
            .GroupBy(call => call.Code!).OrderBy(group => group.Key)
            .Select(group => new[] { group.Key, Number(group.Count()) }));
    }

    private static void Violations(StringBuilder text, Report report)
    {
        text.Append("## Violations\n\n");
        if (report.Violations.Count == 0)
        {
            text.Append("None.\n");
            return;
        }

        Table(text, ["Rule", "Times"], report.Violations.GroupBy(violation => violation.Rule)
            .Select(group => new[] { group.Key, Number(group.Count()) }));
        foreach (var violation in report.Violations.GroupBy(violation => violation.Rule).SelectMany(group => group.Take(Shown)))
            text.Append(Explain(violation, report)).Append('\n');
    }

    /// <summary>A violation with what befell the cluster meanwhile, and the changes of its key and what its caller saw before.</summary>
    public static string Explain(Violation violation, Report report)
    {
        var from = violation.Because ?? violation.Call;
        var around = report.Calls.Where(call => call.Key == violation.Call.Key && call != violation.Call
                && (call.IsChange || call.Secret == violation.Call.Secret)
                && call.End.Ticks > from.Start.Ticks - TimeSpan.TicksPerSecond && call.Start < violation.Call.End)
            .TakeLast(Shown);
        var incidents = report.Incidents.Where(incident => incident.Start < violation.Call.End
            && (incident.Ready is not { } ready || ready.Ticks > from.Start.Ticks - TimeSpan.TicksPerSecond));
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"### {violation.Rule}: {violation.Message}\n\n```\n");
        foreach (var incident in incidents) text.Append(CultureInfo.InvariantCulture, $"{incident}\n");
        foreach (var call in around) text.Append(CultureInfo.InvariantCulture, $"{(call == violation.Because ? "! " : "  ")}{call}\n");
        return text.Append(CultureInfo.InvariantCulture, $"> {violation.Call}\n```\n").ToString();
    }

    private static void Samples(StringBuilder text, string title, IEnumerable<Call> calls)
    {
        var shown = calls.Take(Shown).ToList();
        if (shown.Count == 0) return;
        text.Append(CultureInfo.InvariantCulture, $"{title}, the first of them:\n\n```\n").AppendJoin('\n', shown).Append("\n```\n\n");
    }

    private static void Table(StringBuilder text, string[] head, IEnumerable<string[]> rows)
    {
        Row(text, head);
        Row(text, [.. head.Select((_, column) => column == 0 ? "---" : "---:")]);
        foreach (var row in rows) Row(text, row);
        text.Append('\n');
    }

    private static void Row(StringBuilder text, string[] cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    private static string Of(Stretch? stretch) => stretch is null
        ? "none"
        : $"{Seconds(stretch.Length)} s, during {stretch.During?.Kind.ToString() ?? "no fault"}";

    private static string Spread(IReadOnlyList<TimeSpan> times) => times.Count == 0
        ? "-"
        : $"median {Seconds(times[times.Count / 2])}, longest {Seconds(times[^1])} ({times.Count})";

    private static string Count(IReadOnlyList<Call> calls) => Number(calls.Count);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);

    private static string Milliseconds(IEnumerable<Call> calls, double quantile)
    {
        var times = calls.Select(call => call.Duration.TotalMilliseconds).Order().ToList();
        return times[(int)((times.Count - 1) * quantile)].ToString("0.0", CultureInfo.InvariantCulture);
    }
}
