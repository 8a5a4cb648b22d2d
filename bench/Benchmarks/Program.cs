using BenchmarkDotNet.Running;
using KeysCluster.Benchmarks;
using KeysCluster.Benchmarks.Hosting;
using KeysCluster.Benchmarks.Validation;

// Started by a benchmark as a server in a process of its own.
if (BenchmarkServerProcess.Role is { } role)
{
    await BenchmarkServerProcess.ServeAsync(role, args);
    return;
}

switch (args)
{
    case []:
        await BenchmarkPart.MeasureAllAsync();
        break;

    // Some parts alone: the other figures of the report stay as they are.
    case ["--only", var names]:
        await BenchmarkPart.RemeasureAsync(names.Split(','));
        break;

    // BenchmarkDotNet's own command line, for a part of the in-process benchmarks, and no report.
    default:
        BenchmarkSwitcher.FromAssembly(typeof(BenchmarkJob).Assembly).Run(args, BenchmarkJob.Create());
        break;
}
