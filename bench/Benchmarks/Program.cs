using BenchmarkDotNet.Running;
using KeysCluster.Benchmarks;
using KeysCluster.Benchmarks.Floods;
using KeysCluster.Benchmarks.Hosting;
using KeysCluster.Benchmarks.Validation;

// A benchmark started this process as a server.
if (BenchmarkServerProcess.Role is { } role)
{
    await BenchmarkServerProcess.ServeAsync(role, args);
    return;
}

// The benchmark of floods started this process as a client.
if (FloodGenerator.Settings is { } flood)
{
    await FloodGenerator.RunAsync(flood);
    return;
}

switch (args)
{
    case []:
        await BenchmarkPart.MeasureAllAsync();
        break;

    // Measures some parts. The report keeps the other figures.
    case ["--only", var names]:
        await BenchmarkPart.RemeasureAsync(names.Split(','));
        break;

    // The command line of BenchmarkDotNet, for in-process benchmarks without a report.
    default:
        BenchmarkSwitcher.FromAssembly(typeof(BenchmarkJob).Assembly).Run(args, BenchmarkJob.Create());
        break;
}
