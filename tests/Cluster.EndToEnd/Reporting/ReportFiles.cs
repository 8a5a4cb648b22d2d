using System.Text.Json;
using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Reporting;

/// <summary>Writes a report for people and for programs.</summary>
internal static class ReportFiles
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    public static async Task WriteAsync(Report report, string folder)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "history-report.md"), MarkdownReport.Write(report));
        await File.WriteAllTextAsync(
            Path.Combine(folder, "history-report.json"), JsonSerializer.Serialize(Figures(report), Json) + "\n");
    }

    private static object Figures(Report report) => new
    {
        report.Settings.Seed,
        report.Settings.Silos,
        report.Settings.FrontEnds,
        report.Settings.Clients,
        seconds = Math.Round(report.Duration.TotalSeconds, 1),
        violations = report.Violations.GroupBy(violation => violation.Rule).ToDictionary(group => group.Key, group => group.Count()),
        calls = report.Calls.GroupBy(call => call.Kind).ToDictionary(
            group => $"{group.Key}",
            group => group.GroupBy(call => call.Outcome).ToDictionary(outcome => $"{outcome.Key}", outcome => outcome.Count())),
        without_result = report.Calls.Where(call => call.Outcome != Outcome.Done)
            .GroupBy(call => $"{call.Status} {call.Code}".Trim()).ToDictionary(group => group.Key, group => group.Count()),
        faults = report.Incidents.GroupBy(incident => incident.Kind).ToDictionary(group => $"{group.Key}", group => group.Count()),
        longest_without_change_seconds = Seconds(report.Longest(true)?.Length),
        longest_without_validation_seconds = Seconds(report.Longest(false)?.Length),
        killed_until_answers_seconds = report.KilledUntilAnswers.Select(time => Seconds(time)),
        paused_until_answers_seconds = report.PausedUntilAnswers.Select(time => Seconds(time)),
        declared_dead_seconds = report.DeclaredDead.ToDictionary(row => $"{row.Kind}", row => row.Times.Select(time => Seconds(time))),
        calls_over_10_seconds = report.Late.Count,
        calls_without_answer = report.Unanswered.Count,
        answers_503_without_retry_after = report.WithoutRetryAfter.Count,
        answers_500_and_above_other_than_503 = report.OtherFailures.Count,
    };

    private static double? Seconds(TimeSpan? time) => time is { } known ? Math.Round(known.TotalSeconds, 2) : null;
}
