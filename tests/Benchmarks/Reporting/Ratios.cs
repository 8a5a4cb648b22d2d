namespace KeysCluster.Benchmarks.Reporting;

/// <summary>The figures that can be compared between machines, by name.</summary>
internal static class Ratios
{
    /// <summary>Time over time for calls, throughput over throughput for rotations.</summary>
    public static IReadOnlyDictionary<string, Spread> Of(Report report)
    {
        var calls = report.Validation
            .Where(call => call.Name != call.Baseline)
            .Select(call => ($"{call.Name}_over_{call.Baseline}", call.OverBaseline));
        var loads = report.Rotation.Loads
            .Where(load => load.Name != report.Rotation.Baseline)
            .Select(load => (
                $"{load.Name}_{load.Pass}_over_{report.Rotation.Baseline}_c{load.Concurrency}",
                load.ThroughputOverBaseline));
        return new Dictionary<string, Spread>(
            calls.Concat(loads).Concat(OfReminders(report.Reminders)).Concat(report.Scale?.Named() ?? []).Select(ratio => KeyValuePair.Create(ratio.Item1, ratio.Item2)));
    }

    /// <summary>Many outstanding reminders over few, and requests while a node catches up over requests after that.</summary>
    private static IEnumerable<(string Name, Spread Ratio)> OfReminders(ReminderFigures? figures)
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

    private static (string Name, Spread Ratio) Ratio(string name, double over, double under) =>
        (name, Spread.Of([over / under]));
}
