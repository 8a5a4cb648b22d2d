using System.Text.Json;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using KeysCluster.Benchmarks.Reporting;

namespace KeysCluster.Benchmarks.Validation;

/// <summary>Runs the in-process benchmarks several times over, so that baselines and subjects take turns.</summary>
internal static class ValidationRounds
{
    public const int Count = 3;

    private static readonly Type[] Benchmarks = [typeof(GrainCallBenchmarks), typeof(SecretTextBenchmarks)];

    public static IReadOnlyList<CallFigures> Run()
    {
        var config = BenchmarkJob.Create();
        var cases = Enumerable.Range(0, Count)
            .SelectMany(round => Benchmarks.Select(type => (round, summary: BenchmarkRunner.Run(type, config))))
            .SelectMany(run => CasesOf(run.summary))
            .OrderBy(measured => measured.Variant)
            .ToLookup(measured => (measured.Name, measured.Baseline, measured.Variant));
        return [.. cases.Select(rounds => new CallFigures
        {
            Name = rounds.Key.Name,
            Baseline = rounds.Key.Baseline,
            Variant = rounds.Key.Variant,
            OverBaseline = Spread.Of(rounds.Select(round => round.OverBaseline)),
            Nanoseconds = Spread.Of(rounds.Select(round => round.Nanoseconds)),
            AllocatedBytes = rounds.Max(round => round.AllocatedBytes),
        })];
    }

    private static IEnumerable<Case> CasesOf(Summary summary)
    {
        if (summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success))
            throw new InvalidOperationException($"{summary.Title} did not run.");

        return summary.Reports.GroupBy(VariantOf).SelectMany(variant =>
        {
            var baseline = variant.Single(report => report.BenchmarkCase.Descriptor.Baseline);
            return variant.Select(report => new Case(
                NameOf(report),
                NameOf(baseline),
                variant.Key,
                Median(report),
                Median(report) / Median(baseline),
                report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0));
        });
    }

    private static string VariantOf(BenchmarkReport report) =>
        report.BenchmarkCase.Parameters[nameof(GrainCallBenchmarks.Telemetry)] is false ? "_without_telemetry" : "";

    private static string NameOf(BenchmarkReport report) =>
        JsonNamingPolicy.SnakeCaseLower.ConvertName(report.BenchmarkCase.Descriptor.WorkloadMethod.Name);

    private static double Median(BenchmarkReport report) => report.ResultStatistics!.Median;

    private sealed record Case(
        string Name, string Baseline, string Variant, double Nanoseconds, double OverBaseline, long AllocatedBytes);
}
