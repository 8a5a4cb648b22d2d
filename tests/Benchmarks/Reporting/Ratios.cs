namespace KeysCluster.Benchmarks.Reporting;

/// <summary>The figures that can be compared between machines, by name.</summary>
internal static class Ratios
{
    /// <summary>Time over time for calls, throughput over throughput for loads.</summary>
    public static IReadOnlyDictionary<string, Spread> Of(Report report) =>
        new Dictionary<string, Spread>(
        [
            .. OfCalls(report.Validation, ""),
            .. OfCalls(report.GrainCalls, ""),
            .. OfCalls(report.ClientCalls, "_client"),
            .. OfLoads(report.Peers),
            .. OfRotations(report.Rotation),
            .. OfLoads(report.Verify),
            .. OfReminders(report.Reminders),
            .. (report.Scale?.Named() ?? []).Select(figure => KeyValuePair.Create(figure.Name, figure.Figure)),
        ]);

    private static IEnumerable<KeyValuePair<string, Spread>> OfCalls(IReadOnlyList<CallFigures>? calls, string suffix) =>
        (calls ?? []).Where(call => call.Name != call.Baseline)
            .Select(call => KeyValuePair.Create($"{call.Name}_over_{call.Baseline}{suffix}", call.OverBaseline));

    private static IEnumerable<KeyValuePair<string, Spread>> OfLoads(ComparedLoads? loads) =>
        (loads?.Ratios ?? []).Select(ratio => KeyValuePair.Create($"{ratio.Name}_c{ratio.Concurrency}", ratio.Ratio));

    private static IEnumerable<KeyValuePair<string, Spread>> OfRotations(RotationFigures? figures) =>
        (figures?.Loads ?? []).Where(load => load.Name != figures!.Baseline).Select(load => KeyValuePair.Create(
            $"{load.Name}_{load.Pass}_over_{figures!.Baseline}_c{load.Concurrency}", load.ThroughputOverBaseline));

    /// <summary>Many outstanding reminders over few, and requests while a node catches up over requests after that.</summary>
    private static IEnumerable<KeyValuePair<string, Spread>> OfReminders(ReminderFigures? figures)
    {
        if (figures is null) return [];
        var (few, many, catchUp) = (figures.Outstanding[0], figures.Outstanding[^1], figures.CatchUp);
        return
        [
            Ratio("reminders_start_ratio_1m_over_1k", many.StartMilliseconds.Median, few.StartMilliseconds.Median),
            Ratio("reminders_start_pages_ratio_1m_over_1k", many.BlocksReadAtStart.Median, few.BlocksReadAtStart.Median),
            Ratio("reminders_rest_transactions_ratio_1m_over_1k", many.TransactionsPerSecond, few.TransactionsPerSecond),
            Ratio("reminders_rest_pages_ratio_1m_over_1k", many.BlocksPerSecond, few.BlocksPerSecond),
            Ratio("reminders_memory_ratio_1m_over_1k", many.NodeMemoryMiB, few.NodeMemoryMiB),
            Ratio("request_p50_catching_up_over_caught_up", catchUp.During.P50Milliseconds, catchUp.After.P50Milliseconds),
            Ratio("request_p99_catching_up_over_caught_up", catchUp.During.P99Milliseconds, catchUp.After.P99Milliseconds),
        ];
    }

    private static KeyValuePair<string, Spread> Ratio(string name, double over, double under) =>
        KeyValuePair.Create(name, Spread.Of([over / under]));
}
