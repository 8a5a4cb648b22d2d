namespace KeysCluster.Benchmarks.Reporting;

/// <summary>The figures that can be compared between machines, by name.</summary>
internal static class Ratios
{
    /// <summary>Time over time for calls, throughput over throughput for loads.</summary>
    public static IReadOnlyDictionary<string, Spread> From(BenchmarkReport report) =>
        new Dictionary<string, Spread>(
        [
            .. FromCalls(report.Validation, ""),
            .. FromCalls(report.GrainCalls, ""),
            .. FromCalls(report.ClientCalls, "_client"),
            .. FromLoads(report.Peers),
            .. FromRotations(report.Rotation),
            .. FromLoads(report.Verify),
            .. FromReminders(report.Reminders),
            .. (report.Scale?.GetComparable() ?? []).Select(figure => KeyValuePair.Create(figure.Name, figure.Figure)),
        ]);

    private static IEnumerable<KeyValuePair<string, Spread>> FromCalls(IReadOnlyList<CallFigures>? calls, string suffix) =>
        (calls ?? []).Where(call => call.Name != call.Baseline)
            .Select(call => KeyValuePair.Create($"{call.Name}_over_{call.Baseline}{suffix}", call.OverBaseline));

    private static IEnumerable<KeyValuePair<string, Spread>> FromLoads(ComparedLoads? loads) =>
        (loads?.Ratios ?? []).Select(ratio => KeyValuePair.Create($"{ratio.Name}_c{ratio.Concurrency}", ratio.Ratio));

    private static IEnumerable<KeyValuePair<string, Spread>> FromRotations(RotationFigures? figures) =>
        (figures?.Loads ?? []).Where(load => load.Name != figures!.Baseline).Select(load => KeyValuePair.Create(
            $"{load.Name}_{load.Pass}_over_{figures!.Baseline}_c{load.Concurrency}", load.ThroughputOverBaseline));

    /// <summary>Many outstanding reminders over few, and requests while a node catches up over requests after that.</summary>
    private static IEnumerable<KeyValuePair<string, Spread>> FromReminders(ReminderFigures? figures)
    {
        if (figures is null) return [];
        var (few, many, catchUp) = (figures.Outstanding[0], figures.Outstanding[^1], figures.CatchUp);
        return
        [
            CreateRatio("reminders_start_ratio_1m_over_1k", many.StartMilliseconds.Median, few.StartMilliseconds.Median),
            CreateRatio("reminders_start_pages_ratio_1m_over_1k", many.BlocksReadAtStart.Median, few.BlocksReadAtStart.Median),
            CreateRatio("reminders_rest_transactions_ratio_1m_over_1k", many.TransactionsPerSecond, few.TransactionsPerSecond),
            CreateRatio("reminders_rest_pages_ratio_1m_over_1k", many.BlocksPerSecond, few.BlocksPerSecond),
            CreateRatio("reminders_memory_ratio_1m_over_1k", many.NodeMemoryMiB, few.NodeMemoryMiB),
            CreateRatio("request_p50_catching_up_over_caught_up", catchUp.During.P50Milliseconds, catchUp.After.P50Milliseconds),
            CreateRatio("request_p99_catching_up_over_caught_up", catchUp.During.P99Milliseconds, catchUp.After.P99Milliseconds),
        ];
    }

    private static KeyValuePair<string, Spread> CreateRatio(string name, double over, double under) =>
        KeyValuePair.Create(name, Spread.From([over / under]));
}
