using System.Globalization;
using KeysCluster.Cluster.EndToEnd.Checking;
using KeysCluster.Cluster.EndToEnd.History;
using KeysCluster.TestKit.Reporting;

namespace KeysCluster.Cluster.EndToEnd.Reporting;

/// <summary>Renders the report of a run as Markdown.</summary>
internal static class HistoryMarkdown
{
    private const int MaxShown = 20;

    private static readonly TimeSpan MaxGap = TimeSpan.FromSeconds(2);

    public static string Render(HistoryReport report)
    {
        var document = new MarkdownDocument();
        AppendSummary(document, report);
        AppendAvailability(document, report);
        AppendFaults(document, report);
        AppendCalls(document, report);
        AppendWebhooks(document, report.Webhooks);
        AppendViolations(document, report);
        return document.ToString();
    }

    /// <summary>
    /// Explains a violation: the incidents at the time, the events of the key, its changes, and other calls with the
    /// same secret.
    /// </summary>
    public static string Explain(Violation violation, HistoryReport report)
    {
        var document = new MarkdownDocument();
        AppendExplanation(document, violation, report);
        return document.ToString();
    }

    private static void AppendSummary(MarkdownDocument document, HistoryReport report)
    {
        var options = report.Options;
        var faults = report.Incidents.Count(incident => incident.Kind != IncidentKind.ExitedByItself);
        document.Append($"""
            # Cluster history under faults

            Clients called {options.Silos} silos and {options.FrontEnds} front ends on one machine while faults were
            injected. A checker tested every response against its rules (`tests/Cluster.EndToEnd/Checking`). To repeat
            the run: `tests/Cluster.EndToEnd/run.sh --minutes {options.Duration.TotalMinutes:0.#}
            --silos {options.Silos} --front-ends {options.FrontEnds} --seed {options.Seed}`. The seed repeats the
            schedule of the faults and the choices of each client, not the interleaving of processes.

            **{report.Violations.Count} violations** in {report.Calls.Count} calls and {faults} faults, in
            {report.Duration.TotalMinutes:0.0} minutes. The database has {report.Events.Count} events. They show that
            {report.AppliedUnknowns} changes of unknown outcome took effect, and {report.NeverAppliedUnknowns} did not.
            """);
    }

    private static void AppendAvailability(MarkdownDocument document, HistoryReport report)
    {
        document.Append("## Availability").AppendTable(["Measure", "Value"],
        [
            ["Longest outage of the changes of a key, through processes without a fault",
                FormatOutage(report.FindLongestOutage(affectsChanges: true))],
            ["Longest outage of the validations of a key, through processes without a fault",
                FormatOutage(report.FindLongestOutage(affectsChanges: false))],
            ["Recovery of the keys of a killed silo, s", FormatTimes(report.RecoveryTimesAfterKill)],
            ["Recovery of the keys of a paused silo, s", FormatTimes(report.RecoveryTimesAfterPause)],
            ["Calls that took longer than 10 s, to running processes", FormatCount(report.LateCalls)],
            ["Calls without an HTTP response, to processes without a fault", FormatCount(report.UnansweredCalls)],
            ["503 without `Retry-After`", FormatCount(report.UnavailableWithoutRetryAfter)],
            ["Responses of 500 and above other than 503", FormatCount(report.ServerErrors)],
        ]);

        var samples = report.LateCalls.Union(report.UnansweredCalls).Concat(report.ServerErrors)
            .Take(MaxShown)
            .ToList();
        if (samples.Count == 0) return;
        document
            .Append("The first calls that were late, without a response, or failed:")
            .AppendCode(samples.Select(call => call.ToString()));
    }

    private static void AppendFaults(MarkdownDocument document, HistoryReport report)
    {
        document.Append("## Faults");
        AppendFaultTable(document, report);
        var gaps = report.Availability
            .Where(row => row.LongestGap > MaxGap)
            .Select(row => $"{row.Kind}: {row.GapStart}");
        document.Append("The first validation of each gap longer than two seconds:").AppendCode(gaps);
    }

    private static void AppendFaultTable(MarkdownDocument document, HistoryReport report) => document
        .AppendTable(
            [
                "Fault", "Count", "Longest until healed, s", "Longest until ready, s", "Validations", "Answered",
                "503 in the first 2 s", "Longest without an answer, s",
            ],
            report.Availability.Select(row => new[]
            {
                $"{row.Kind}",
                FormatNumber(row.Count),
                FormatSeconds(row.LongestUntilHealed),
                FormatSeconds(row.LongestUntilReady),
                FormatNumber(row.Validations),
                row.Share.ToString("P1", CultureInfo.InvariantCulture),
                FormatNumber(row.UnavailableAtStart),
                FormatSeconds(row.LongestGap),
            }))
        .Append("""
            The validations are those of cached secrets, through processes without a fault, from the start of a fault
            until its target was ready again.
            """)
        .Append("Times from the start of a fault until the membership table declared the silo dead:")
        .AppendTable(
            ["Fault", "Declared dead before it was healed", "After, s"],
            report.DeclaredDeadTimes.Select(row => new[]
            {
                $"{row.Kind}", $"{row.Times.Count} of {row.IncidentCount}", FormatTimes(row.Times),
            }));

    private static void AppendCalls(MarkdownDocument document, HistoryReport report) => document
        .Append("## Calls")
        .AppendTable(
            ["Call", "All", "Done", "Refused", "Unknown", "Median, ms", "99 %, ms"],
            report.Calls.GroupBy(call => call.Kind).OrderBy(group => group.Key).Select(CreateCallRow))
        .Append("Calls without a result, by code:")
        .AppendTable(
            ["Status", "Code", "Changes", "Validations and reads"],
            report.Calls
                .Where(call => call.Outcome != Outcome.Done)
                .GroupBy(call => (call.Status, call.Code))
                .OrderBy(group => group.Key.Status).ThenBy(group => group.Key.Code)
                .Select(group => new[]
                {
                    group.Key.Status is { } status ? FormatNumber(status) : "none",
                    group.Key.Code ?? "",
                    FormatNumber(group.Count(call => call.IsChange)),
                    FormatNumber(group.Count(call => !call.IsChange)),
                }))
        .Append("Verdicts:")
        .AppendTable(
            ["Verdict", "Count"],
            report.Calls
                .Where(call => call is { Kind: CallKind.Validate, Outcome: Outcome.Done })
                .CountBy(call => call.Code!)
                .OrderBy(verdict => verdict.Key)
                .Select(verdict => new[] { verdict.Key, FormatNumber(verdict.Value) }));

    private static string[] CreateCallRow(IGrouping<CallKind, RecordedCall> calls)
    {
        var milliseconds = Percentiles.From(calls.Select(call => call.Duration.TotalMilliseconds));
        return
        [
            $"{calls.Key}",
            FormatNumber(calls.Count()),
            .. Enum.GetValues<Outcome>().Select(outcome => FormatNumber(calls.Count(call => call.Outcome == outcome))),
            milliseconds.P50.ToString("0.0", CultureInfo.InvariantCulture),
            milliseconds.P99.ToString("0.0", CultureInfo.InvariantCulture),
        ];
    }

    private static void AppendWebhooks(MarkdownDocument document, WebhookFigures webhooks) => document
        .Append("## Webhooks")
        .AppendTable(["Measure", "Count"],
        [
            ["Webhooks", FormatNumber(webhooks.Webhooks)],
            ["Events of virtual keys to deliver", FormatNumber(webhooks.Events)],
            ["Events of which the endpoint accepted a message", FormatNumber(webhooks.Delivered)],
            ["Messages that arrived, also those of other events", FormatNumber(webhooks.Attempts)],
            ["Messages that the endpoint refused or responded to too late", FormatNumber(webhooks.Refused)],
            ["Messages that were accepted again", FormatNumber(webhooks.Repeated)],
        ])
        .Append("Times from an event, by the clock of the silo, to the arrival of the message that was first accepted:")
        .AppendTable(
            ["Events", "Count", "Median, ms", "99 %, ms", "Longest, ms"],
            webhooks.Latencies.Select(row => new[]
            {
                row.Name,
                FormatNumber(row.Count),
                FormatMilliseconds(row.Milliseconds?.P50),
                FormatMilliseconds(row.Milliseconds?.P99),
                FormatMilliseconds(row.Milliseconds?.Max),
            }))
        .Append("""
            The rows of the faults contain the events whose delivery they overlap, until their target was ready again.
            "No fault" contains the others. These rows do not contain what the endpoint delayed.
            """);

    private static void AppendViolations(MarkdownDocument document, HistoryReport report)
    {
        document.Append("## Violations");
        if (report.Violations.Count == 0)
        {
            document.Append("None.");
            return;
        }

        var rules = report.Violations.GroupBy(violation => violation.Rule).ToList();
        document.AppendTable(["Rule", "Count"], rules.Select(rule => new[] { rule.Key, FormatNumber(rule.Count()) }));
        foreach (var violation in rules.SelectMany(rule => rule.Take(MaxShown)))
            AppendExplanation(document, violation, report);
    }

    private static void AppendExplanation(MarkdownDocument document, Violation violation, HistoryReport report)
    {
        var call = violation.Call;
        var from = (violation.Contradicts ?? call).Start.Ticks - TimeSpan.TicksPerSecond;
        var incidents = report.Incidents.Where(incident =>
            incident.Start < call.End && (incident.ReadyAt is not { } ready || ready.Ticks > from));
        var relatedCalls = report.Calls
            .Where(other => other.Key == call.Key && other != call && (other.IsChange || other.Secret == call.Secret))
            .Where(other => other.End.Ticks > from && other.Start < call.End)
            .TakeLast(MaxShown);
        var events = report.Events.Where(entry => entry.Owner == call.Key && entry.At < call.End.WallClock);
        document.Append($"### {violation.Rule}: {violation.Message}").AppendCode(
        [
            .. incidents.Select(incident => incident.ToString()),
            .. events.TakeLast(MaxShown).Select(entry => $"  {entry}"),
            .. relatedCalls.Select(other => $"{(other == violation.Contradicts ? "! " : "  ")}{other}"),
            $"> {call}",
        ]);
    }

    private static string FormatOutage(Outage? outage) => outage is null
        ? "none"
        : $"{FormatSeconds(outage.Duration)} s, during {outage.During?.Kind.ToString() ?? "no fault"}";

    private static string FormatTimes(IReadOnlyList<TimeSpan> times) => times.Count == 0
        ? "-"
        : $"median {FormatSeconds(times[times.Count / 2])}, longest {FormatSeconds(times[^1])} ({times.Count})";

    private static string FormatCount(IReadOnlyList<RecordedCall> calls) => FormatNumber(calls.Count);

    private static string FormatNumber(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string FormatMilliseconds(double? milliseconds) =>
        milliseconds?.ToString("0", CultureInfo.InvariantCulture) ?? "-";

    private static string FormatSeconds(TimeSpan time) =>
        time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
}
