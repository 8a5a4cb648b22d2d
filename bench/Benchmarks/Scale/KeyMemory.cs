using System.Diagnostics;
using KeysCluster.Benchmarks.Hosting;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.TestKit;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace KeysCluster.Benchmarks.Scale;

/// <summary>Measures the memory of keys, as the size of the heap after a full collection.</summary>
internal static class KeyMemory
{
    public const int SecretCount = 100_000;
    public const int KeyCount = 20_000;
    public const int UnknownKeyCount = 100_000;

    private const int MaxConcurrency = 16;

    private static readonly TimeSpan DeactivationTimeout = TimeSpan.FromMinutes(2);

    public static async Task<double> MeasureCachedSecretsAsync()
    {
        using var validator = new StandaloneValidator();
        string[] secrets = [.. Enumerable.Range(0, SecretCount).Select(_ => validator.AddKey())];
        await validator.EnsureVerdictAsync(VerdictCode.Active, secrets.Take(100));
        var before = GetLiveBytes();
        await validator.EnsureVerdictAsync(VerdictCode.Active, secrets);
        var bytes = (GetLiveBytes() - before) / (double)SecretCount;
        GC.KeepAlive(secrets);
        GC.KeepAlive(validator);
        return bytes;
    }

    public static async Task<(double BytesPerActiveKey, GrainFloodFigures Flood)> MeasureGrainsAsync()
    {
        var storage = new InMemoryGrainStorage();
        var pepper = new Pepper(new byte[Pepper.MinLength]);
        var keys = new List<string>(KeyCount);
        for (var n = 0; n < KeyCount; n++)
        {
            var (_, state) = SeededKeys.CreateKey(BenchmarkKey.Caller, pepper, TimeProvider.System.GetUtcNow());
            storage.AddState(state);
            keys.Add(state.Id);
        }

        await using var silo = await InProcessSilo.StartAsync(builder =>
        {
            builder.Services.AddKeyedSingleton<IGrainStorage>(StorageNames.Provider, storage);
            builder.Services.AddKeyedSingleton<IGrainStorage>(StorageNames.ValidationReads, storage);
            builder.UseInMemoryReminderService();
        });
        await CallAllAsync(keys.Take(100), GetAsync);
        var before = GetLiveBytes();
        await CallAllAsync(keys, GetAsync);
        var bytes = (GetLiveBytes() - before) / (double)KeyCount;
        return (bytes, await MeasureFloodAsync(silo.Grains));

        async Task GetAsync(string id)
        {
            if (await silo.Grains.GetGrain<IVirtualKeyGrain>(id).Get(BenchmarkKey.Caller) is null)
                throw new InvalidOperationException($"The key {id} does not exist.");
        }
    }

    private static async Task<GrainFloodFigures> MeasureFloodAsync(IGrainFactory grains)
    {
        var (timedOut, peak) = (0, 0L);
        string[] unknown = [.. Enumerable.Range(0, UnknownKeyCount)
            .Select(_ => VirtualKeyId.New(TimeProvider.System.GetUtcNow()).ToString())];
        await CallAllAsync(unknown.Take(1000), ValidateAsync);
        await WaitForDeactivationsAsync(grains);
        var (before, start) = (GetLiveBytes(), Stopwatch.GetTimestamp());
        foreach (var chunk in unknown.Chunk(UnknownKeyCount / 20))
        {
            await CallAllAsync(chunk, ValidateAsync);
            peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: false));
        }

        var elapsed = Stopwatch.GetElapsedTime(start);
        await WaitForDeactivationsAsync(grains);
        return new GrainFloodFigures
        {
            Keys = UnknownKeyCount,
            TimedOut = timedOut,
            PerSecond = UnknownKeyCount / elapsed.TotalSeconds,
            BytesLeftPerKey = (GetLiveBytes() - before) / (double)UnknownKeyCount,
            PeakMiB = peak / (double)(1 << 20),
        };

        async Task ValidateAsync(string id)
        {
            try
            {
                if (await grains.GetGrain<IVirtualKeyGrain>(id).Validate(default, null) != Verdict.NotFound)
                    throw new InvalidOperationException($"The key {id} exists.");
            }
            catch (TimeoutException)
            {
                Interlocked.Increment(ref timedOut);
            }
        }
    }

    /// <summary>
    /// Waits until the grains of unknown keys are deactivated, and only those of existing keys are active.
    /// </summary>
    private static Task WaitForDeactivationsAsync(IGrainFactory grains) => Wait.UntilAsync(async () =>
    {
        var statistics = await grains.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics();
        return statistics.Count(grain => grain.GrainId.Type.ToString() == GrainTypeNames.VirtualKey) <= KeyCount;
    }, DeactivationTimeout);

    private static Task CallAllAsync(IEnumerable<string> ids, Func<string, Task> call) => Parallel.ForEachAsync(
        ids, new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrency }, async (id, _) => await call(id));

    private static long GetLiveBytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
