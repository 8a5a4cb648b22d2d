using BenchmarkDotNet.Running;
using KeysCluster.Benchmarks.Reporting;
using KeysCluster.Benchmarks.Rotation;
using KeysCluster.Benchmarks.Validation;

// With arguments: BenchmarkDotNet's own command line, for a part of the in-process benchmarks, and no report.
if (args.Length > 0)
{
    BenchmarkSwitcher.FromAssembly(typeof(BenchmarkJob).Assembly).Run(args, BenchmarkJob.Create());
    return;
}

var report = new Report
{
    Machine = Machine.Describe(),
    Validation = ValidationRounds.Run(),
    Rotation = await RotationRounds.RunAsync(),
};
await ReportFiles.WriteAsync(report);
