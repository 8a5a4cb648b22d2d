using KeysCluster.Benchmarks.Floods;
using KeysCluster.Benchmarks.Webhooks;

namespace KeysCluster.Benchmarks.Reporting;

/// <summary>Selects the figures that can be compared between machines, by name.</summary>
internal static class Ratios
{
    /// <summary>Returns ratios of times for calls, and ratios of throughputs for loads.</summary>
    public static IReadOnlyDictionary<string, Spread> From(BenchmarkReport report) =>
        new Dictionary<string, Spread>(
        [
            .. FromCalls(report.Validation, ""),
            .. FromCalls(report.GrainCalls, ""),
            .. FromCalls(report.ClientCalls, "_client"),
            .. FromCalls(report.Observed, ""),
            .. FromLoads(report.Peers),
            .. FromRotations(report.Rotation),
            .. FromLoads(report.Verify),
            .. FromReminders(report.Reminders),
            .. (report.Scale?.GetComparable() ?? []).Select(figure => KeyValuePair.Create(figure.Name, figure.Figure)),
            .. (report.Floods ?? []).Select(flood => KeyValuePair.Create(
                RestFloodFigures.GetRatioName(flood.Name), flood.P99OverBaseline)),
            .. FromWebhooks(report.Webhooks),
        ]);

    private static IEnumerable<KeyValuePair<string, Spread>> FromCalls(
        IReadOnlyList<CallFigures>? calls, string suffix) =>
        (calls ?? []).Where(call => call.Name != call.Baseline)
            .Select(call => KeyValuePair.Create($"{call.Name}_over_{call.Baseline}{suffix}", call.OverBaseline));

    private static IEnumerable<KeyValuePair<string, Spread>> FromLoads(ComparedLoads? loads) =>
        (loads?.Ratios ?? []).Select(ratio => KeyValuePair.Create($"{ratio.Name}_c{ratio.Concurrency}", ratio.Ratio));

    private static IEnumerable<KeyValuePair<string, Spread>> FromRotations(RotationFigures? figures) =>
        (figures?.Loads ?? []).Where(load => load.Name != figures!.Baseline).Select(load => KeyValuePair.Create(
            $"{load.Name}_{load.Pass}_over_{figures!.Baseline}_c{load.Concurrency}", load.ThroughputOverBaseline));

    private static IEnumerable<KeyValuePair<string, Spread>> FromWebhooks(WebhookFigures? figures) =>
        (figures?.Rotations ?? []).Where(load => load.Name != WebhookRounds.Without).Select(load => KeyValuePair.Create(
            $"rotate_{load.Name}_over_{WebhookRounds.Without}_c{load.Concurrency}", load.ThroughputOverBaseline));

    /// <summary>
    /// Returns ratios of many outstanding reminders to few, and of requests during the erasures to requests afterwards.
    /// </summary>
    private static IEnumerable<KeyValuePair<string, Spread>> FromReminders(ReminderFigures? figures)
    {
        if (figures is null) return [];
        var (few, many) = (figures.Outstanding[0], figures.Outstanding[^1]);
        var (during, after) = (figures.CatchUp.During, figures.CatchUp.After);
        return
        [
            CreateRatio(
                "reminders_start_ratio_1m_over_1k", many.StartMilliseconds.Median, few.StartMilliseconds.Median),
            CreateRatio(
                "reminders_start_pages_ratio_1m_over_1k",
                many.BlocksReadAtStart.Median,
                few.BlocksReadAtStart.Median),
            CreateRatio(
                "reminders_rest_transactions_ratio_1m_over_1k", many.TransactionsPerSecond, few.TransactionsPerSecond),
            CreateRatio("reminders_rest_pages_ratio_1m_over_1k", many.BlocksPerSecond, few.BlocksPerSecond),
            CreateRatio("reminders_memory_ratio_1m_over_1k", many.NodeMemoryMiB, few.NodeMemoryMiB),
            CreateRatio("request_p50_catching_up_over_caught_up", during.P50Milliseconds, after.P50Milliseconds),
            CreateRatio("request_p99_catching_up_over_caught_up", during.P99Milliseconds, after.P99Milliseconds),
        ];
    }

    private static KeyValuePair<string, Spread> CreateRatio(string name, double numerator, double denominator) =>
        KeyValuePair.Create(name, Spread.From([numerator / denominator]));
}
