using KeysCluster.Cluster.EndToEnd.History;
using KeysCluster.TestKit.Reporting;

namespace KeysCluster.Cluster.EndToEnd.Reporting;

/// <summary>Writes the report of a run.</summary>
internal static class HistoryReportFiles
{
    public static Task WriteAsync(HistoryReport report, string folder)
    {
        var files = new ReportFiles(folder, "history-report");
        return files.WriteAsync(HistoryMarkdown.Render(report), files.ToJson(CreateFigures(report)));
    }

    private static object CreateFigures(HistoryReport report) => new
    {
        report.Options.Seed,
        report.Options.Silos,
        report.Options.FrontEnds,
        report.Options.Clients,
        seconds = Math.Round(report.Duration.TotalSeconds, 1),
        violations = CountBy(report.Violations, violation => violation.Rule),
        calls = report.Calls.GroupBy(call => call.Kind).ToDictionary(
            group => $"{group.Key}", group => CountBy(group, call => $"{call.Outcome}")),
        events = report.Events.Count,
        unknown_changes_applied = report.AppliedUnknowns,
        unknown_changes_never_applied = report.NeverAppliedUnknowns,
        without_result = CountBy(
            report.Calls.Where(call => call.Outcome != Outcome.Done), call => $"{call.Status} {call.Code}".Trim()),
        faults = CountBy(report.Incidents, incident => $"{incident.Kind}"),
        availability = report.Availability.ToDictionary(row => $"{row.Kind}", row => new
        {
            validations = row.Validations,
            answered = row.Answered,
            unavailable_in_first_2_seconds = row.UnavailableAtStart,
            longest_without_answer_seconds = RoundSeconds(row.LongestGap),
        }),
        webhooks = new
        {
            report.Webhooks.Webhooks,
            report.Webhooks.Events,
            report.Webhooks.Delivered,
            report.Webhooks.Attempts,
            report.Webhooks.Refused,
            report.Webhooks.Repeated,
            latency_ms = report.Webhooks.Latencies.ToDictionary(row => row.Name, row => new
            {
                row.Count,
                p50 = Round(row.Milliseconds?.P50),
                p99 = Round(row.Milliseconds?.P99),
                max = Round(row.Milliseconds?.Max),
            }),
        },
        longest_without_change_seconds = RoundSeconds(report.FindLongestOutage(affectsChanges: true)?.Duration),
        longest_without_validation_seconds = RoundSeconds(report.FindLongestOutage(affectsChanges: false)?.Duration),
        killed_until_answers_seconds = report.RecoveryTimesAfterKill.Select(time => RoundSeconds(time)),
        paused_until_answers_seconds = report.RecoveryTimesAfterPause.Select(time => RoundSeconds(time)),
        declared_dead_seconds = report.DeclaredDeadTimes.ToDictionary(
            row => $"{row.Kind}", row => row.Times.Select(time => RoundSeconds(time))),
        calls_over_10_seconds = report.LateCalls.Count,
        calls_without_answer = report.UnansweredCalls.Count,
        answers_503_without_retry_after = report.UnavailableWithoutRetryAfter.Count,
        answers_500_and_above_other_than_503 = report.ServerErrors.Count,
    };

    private static Dictionary<string, int> CountBy<T>(IEnumerable<T> items, Func<T, string> getKey) =>
        items.CountBy(getKey).ToDictionary();

    private static double? Round(double? milliseconds) => milliseconds is { } value ? Math.Round(value) : null;

    private static double? RoundSeconds(TimeSpan? time) => time is { } value ? Math.Round(value.TotalSeconds, 2) : null;
}
