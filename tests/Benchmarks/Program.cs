using BenchmarkDotNet.Running;
using KeysCluster.Benchmarks.Reminders;
using KeysCluster.Benchmarks.Reporting;
using KeysCluster.Benchmarks.Rotation;
using KeysCluster.Benchmarks.Scale;
using KeysCluster.Benchmarks.Validation;

// The reminders alone: the other figures of the report stay as they are.
if (args is ["--reminders"])
{
    var former = await ReportFiles.ReadAsync();
    await ReportFiles.WriteAsync(former with { Reminders = await ReminderRounds.RunAsync() });
    return;
}

// The same for many keys and for floods.
if (args is ["--scale"])
{
    var former = await ReportFiles.ReadAsync();
    await ReportFiles.WriteAsync(former with { Scale = await ScaleRounds.RunAsync() });
    return;
}

// With other arguments: BenchmarkDotNet's own command line, for a part of the in-process benchmarks, and no report.
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
    Reminders = await ReminderRounds.RunAsync(),
    Scale = await ScaleRounds.RunAsync(),
};
await ReportFiles.WriteAsync(report);
