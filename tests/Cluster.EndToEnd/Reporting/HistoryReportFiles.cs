using System.Text.Json;
using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Reporting;

/// <summary>Writes a report for people and for programs.</summary>
internal static class HistoryReportFiles
{
    private static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    public static async Task WriteAsync(HistoryReport report, string folder)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "history-report.md"), HistoryMarkdown.Render(report));
        await File.WriteAllTextAsync(
            Path.Combine(folder, "history-report.json"), JsonSerializer.Serialize(CreateFigures(report), JsonOptions) + "\n");
    }

    private static object CreateFigures(HistoryReport report) => new
    {
        report.Options.Seed,
        report.Options.Silos,
        report.Options.FrontEnds,
        report.Options.Clients,
        seconds = Math.Round(report.Duration.TotalSeconds, 1),
        violations = report.Violations.GroupBy(violation => violation.Rule).ToDictionary(group => group.Key, group => group.Count()),
        calls = report.Calls.GroupBy(call => call.Kind).ToDictionary(
            group => $"{group.Key}",
            group => group.GroupBy(call => call.Outcome).ToDictionary(outcome => $"{outcome.Key}", outcome => outcome.Count())),
        without_result = report.Calls.Where(call => call.Outcome != Outcome.Done)
            .GroupBy(call => $"{call.Status} {call.Code}".Trim()).ToDictionary(group => group.Key, group => group.Count()),
        faults = report.Incidents.GroupBy(incident => incident.Kind).ToDictionary(group => $"{group.Key}", group => group.Count()),
        longest_without_change_seconds = RoundSeconds(report.FindLongestOutage(true)?.Duration),
        longest_without_validation_seconds = RoundSeconds(report.FindLongestOutage(false)?.Duration),
        killed_until_answers_seconds = report.RecoveryTimesAfterKill.Select(time => RoundSeconds(time)),
        paused_until_answers_seconds = report.RecoveryTimesAfterPause.Select(time => RoundSeconds(time)),
        declared_dead_seconds = report.DeclaredDeadTimes.ToDictionary(row => $"{row.Kind}", row => row.Times.Select(time => RoundSeconds(time))),
        calls_over_10_seconds = report.LateCalls.Count,
        calls_without_answer = report.UnansweredCalls.Count,
        answers_503_without_retry_after = report.UnavailableWithoutRetryAfter.Count,
        answers_500_and_above_other_than_503 = report.ServerErrors.Count,
    };

    private static double? RoundSeconds(TimeSpan? time) => time is { } known ? Math.Round(known.TotalSeconds, 2) : null;
}
