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
            calls.Concat(loads).Select(ratio => KeyValuePair.Create(ratio.Item1, ratio.Item2)));
    }
}
