using System.Text.Json;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using KeysCluster.Benchmarks.Reporting;
using SubjectReport = BenchmarkDotNet.Reports.BenchmarkReport;

namespace KeysCluster.Benchmarks.Validation;

/// <summary>Runs the in-process benchmarks several times, so that baselines and subjects alternate.</summary>
internal static class ValidationRounds
{
    public const int Count = 3;

    private static readonly Type[] Benchmarks = [typeof(CachedValidationBenchmarks), typeof(SecretTextBenchmarks)];

    public static IReadOnlyList<CallFigures> Run()
    {
        var config = BenchmarkJob.Create();
        var cases = Enumerable.Range(0, Count)
            .SelectMany(round => Benchmarks.Select(type => (round, summary: BenchmarkRunner.Run(type, config))))
            .SelectMany(run => GetResults(run.summary))
            .ToLookup(result => (result.Name, result.Baseline));
        return [.. cases.Select(rounds => new CallFigures
        {
            Name = rounds.Key.Name,
            Baseline = rounds.Key.Baseline,
            OverBaseline = Spread.From(rounds.Select(round => round.OverBaseline)),
            Nanoseconds = Spread.From(rounds.Select(round => round.Nanoseconds)),
            AllocatedBytes = rounds.Max(round => round.AllocatedBytes),
        })];
    }

    private static IEnumerable<BenchmarkResult> GetResults(Summary summary)
    {
        if (summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success))
            throw new InvalidOperationException($"{summary.Title} failed.");

        var baseline = summary.Reports.Single(report => report.BenchmarkCase.Descriptor.Baseline);
        return summary.Reports.Select(report => new BenchmarkResult(
            GetName(report),
            GetName(baseline),
            GetMedian(report),
            GetMedian(report) / GetMedian(baseline),
            report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0));
    }

    private static string GetName(SubjectReport report) =>
        JsonNamingPolicy.SnakeCaseLower.ConvertName(report.BenchmarkCase.Descriptor.WorkloadMethod.Name);

    private static double GetMedian(SubjectReport report) => report.ResultStatistics!.Median;

    private sealed record BenchmarkResult(
        string Name, string Baseline, double Nanoseconds, double OverBaseline, long AllocatedBytes);
}
