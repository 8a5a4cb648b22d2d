using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using KeysCluster.TestKit;
using Perfolizer.Horology;

namespace KeysCluster.Benchmarks.Validation;

/// <summary>How BenchmarkDotNet measures here.</summary>
internal static class BenchmarkJob
{
    /// <summary>
    /// Short and in this process: nothing is generated, restored or built, and the rounds around it repeat everything.
    /// </summary>
    public static IConfig Create() => ManualConfig.CreateEmpty()
        .AddJob(Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithWarmupCount(4)
            .WithIterationCount(8)
            .WithIterationTime(TimeInterval.FromMilliseconds(200)))
        .AddDiagnoser(MemoryDiagnoser.Default)
        .AddColumnProvider(DefaultColumnProviders.Instance)
        .AddLogger(ConsoleLogger.Default)
        .WithArtifactsPath(Path.Combine(Repository.Root, "artifacts", "benchmarks"));
}
