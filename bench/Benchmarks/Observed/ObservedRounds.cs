using System.Diagnostics;
using KeysCluster.Benchmarks.Hosting;
using KeysCluster.Benchmarks.Reporting;
using KeysCluster.Hosting;
using KeysCluster.Hosting.Tracing;
using KeysCluster.TestKit;
using KeysCluster.Validation.Telemetry;
using Microsoft.Extensions.Hosting;

namespace KeysCluster.Benchmarks.Observed;

/// <summary>
/// Measures validations in the process of a silo that exports telemetry as in production, against one that exports
/// none. Silos of both kinds alternate, each in its own round, because the sources of Orleans are those of the process.
/// </summary>
internal static class ObservedRounds
{
    public const int Count = 7;
    public const string ObservedPrefix = "observed_";

    public static readonly TimeSpan ExportInterval = TimeSpan.FromSeconds(1);

    private const int CachedCalls = 400_000;
    private const int GrainCalls = 40_000;

    /// <summary>The .NET runtime compiles in tiers meanwhile.</summary>
    private const int WarmUps = 3;

    public static async Task<IReadOnlyList<CallFigures>> RunAsync()
    {
        using var sink = new OtlpSink();
        var measurements = new List<Measurement>();
        for (var round = 0; round <= Count; round++)
        {
            foreach (var isObserved in (bool[])[round % 2 == 0, round % 2 != 0])
            {
                var exports = sink.Requests;
                var measured = await MeasureAsync(round, isObserved ? sink : null);

                // The end of a silo exports what is left.
                if (isObserved && sink.Requests == exports)
                    throw new InvalidOperationException("The silo exported nothing.");

                // The first round warms up.
                if (round > 0) measurements.AddRange(measured);
            }
        }

        return [.. measurements.Select(measurement => measurement.Name).Distinct().Order(StringComparer.Ordinal)
            .Select(name => CreateFigures(name, measurements))];
    }

    private static async Task<List<Measurement>> MeasureAsync(int round, OtlpSink? sink)
    {
        await using var silo = await InProcessSilo.StartAsync(
            SiloStorageExtensions.UseMemory, configure: sink is null ? null : builder => Observe(builder, sink));
        var key = await BenchmarkKey.CreateAsync(silo.Grains);
        var (validator, secret, digest) = (silo.Validator, key.Secret.Reveal(), key.Secret.ComputeDigest());
        if (!(await validator.ValidateAsync(secret)).IsValid)
            throw new InvalidOperationException("The secret is not valid.");

        var prefix = sink is null ? "" : ObservedPrefix;
        List<Measurement> measurements = [];
        for (var pass = 0; pass <= WarmUps; pass++)
        {
            measurements =
            [
                await MeasureCallsAsync(
                    $"{prefix}cached_validate", round, CachedCalls, async () => await validator.ValidateAsync(secret)),
                await MeasureCallsAsync(
                    $"{prefix}grain_validate", round, GrainCalls, async () => await key.Grain.Validate(digest, null)),
            ];
        }

        return measurements;
    }

    private static async Task<Measurement> MeasureCallsAsync(string name, int round, int calls, Func<Task> call)
    {
        var (allocated, start) = (GC.GetTotalAllocatedBytes(), Stopwatch.GetTimestamp());
        for (var i = 0; i < calls; i++) await call();
        var nanoseconds = Stopwatch.GetElapsedTime(start).TotalNanoseconds / calls;
        Console.WriteLine($"round {round}: {name}: {nanoseconds:F0} ns");
        return new Measurement(name, round, nanoseconds, (GC.GetTotalAllocatedBytes() - allocated) / calls);
    }

    /// <summary>Observes a silo as its program does, but exports metrics more often.</summary>
    private static void Observe(IHostApplicationBuilder builder, OtlpSink sink)
    {
        builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] = sink.Url;
        builder.Configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        builder.Configuration["OTEL_METRIC_EXPORT_INTERVAL"] = $"{ExportInterval.TotalMilliseconds:F0}";
        builder.Configuration["Hosting:ManagementUrl"] = $"http://127.0.0.1:{FreePort.NextAsText()}";
        builder.AddTelemetry(
            "keyscluster-benchmarks",
            tracing => tracing.AddSource(GrainCallTracing.SourceName),
            metrics => metrics.AddMeter("Microsoft.Orleans", KeysClusterMeter.Name));
        builder.Services.AddOutgoingGrainCallTracing();
        builder.Services.AddIncomingGrainCallTracing();
    }

    private static CallFigures CreateFigures(string name, List<Measurement> all)
    {
        var baseline = name.StartsWith(ObservedPrefix, StringComparison.Ordinal) ? name[ObservedPrefix.Length..] : name;
        var baselines = all.Where(other => other.Name == baseline).ToDictionary(other => other.Round);
        var measurements = all.FindAll(measurement => measurement.Name == name);
        return new CallFigures
        {
            Name = name,
            Baseline = baseline,
            OverBaseline = Spread.From(measurements.Select(measurement =>
                measurement.Nanoseconds / baselines[measurement.Round].Nanoseconds)),
            Nanoseconds = Spread.From(measurements.Select(measurement => measurement.Nanoseconds)),
            AllocatedBytes = (long)Spread.From(measurements.Select(measurement => (double)measurement.AllocatedBytes))
                .Median,
        };
    }

    private sealed record Measurement(string Name, int Round, double Nanoseconds, long AllocatedBytes);
}
