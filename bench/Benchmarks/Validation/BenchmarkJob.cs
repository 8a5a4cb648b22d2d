using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using KeysCluster.TestKit;
using Perfolizer.Horology;

namespace KeysCluster.Benchmarks.Validation;

/// <summary>The configuration of BenchmarkDotNet.</summary>
internal static class BenchmarkJob
{
    /// <summary>
    /// Runs benchmarks for a short time in this process, so that nothing is generated, restored or built. The rounds of
    /// <see cref="ValidationRounds"/> repeat them.
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
