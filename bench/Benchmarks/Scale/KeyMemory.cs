using System.Diagnostics;
using KeysCluster.Benchmarks.Hosting;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Storage;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace KeysCluster.Benchmarks.Scale;

/// <summary>What a key takes in memory, by what the process holds after a collection.</summary>
internal static class KeyMemory
{
    public const int SecretCount = 100_000;
    public const int KeyCount = 20_000;
    public const int UnknownKeyCount = 100_000;

    private const int MaxConcurrency = 16;

    public static async Task<double> MeasureCachedSecretsAsync()
    {
        using var silo = new StandaloneValidator();
        string[] secrets = [.. Enumerable.Range(0, SecretCount).Select(_ => silo.AddKey())];
        await silo.EnsureVerdictAsync(VerdictCode.Active, secrets.Take(100));
        var before = GetLiveBytes();
        await silo.EnsureVerdictAsync(VerdictCode.Active, secrets);
        var bytes = (GetLiveBytes() - before) / (double)SecretCount;
        await silo.EnsureVerdictAsync(VerdictCode.Active, secrets.Take(1));
        return bytes;
    }

    public static async Task<(double BytesPerActiveKey, GrainFloodFigures Flood)> MeasureGrainsAsync()
    {
        var (storage, late) = (new InMemoryGrainStorage(), 0);
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
        await CallAsync(keys.Take(100), GetAsync);
        var before = GetLiveBytes();
        await CallAsync(keys, GetAsync);
        var bytes = (GetLiveBytes() - before) / (double)KeyCount;
        return (bytes, await FloodAsync());

        async Task GetAsync(string id)
        {
            if (await silo.Grains.GetGrain<IVirtualKeyGrain>(id).GetAsync(BenchmarkKey.Caller) is null)
                throw new InvalidOperationException("There is no such key.");
        }

        async Task<GrainFloodFigures> FloodAsync()
        {
            var unknown = Enumerable.Range(0, UnknownKeyCount).Select(_ => VirtualKeyId.New(TimeProvider.System.GetUtcNow()).ToString()).ToList();
            await CallAsync(unknown.Take(1000), AskAsync);
            var (held, peak, begun) = (GetLiveBytes(), 0L, Stopwatch.GetTimestamp());
            foreach (var some in unknown.Chunk(UnknownKeyCount / 20))
            {
                await CallAsync(some, AskAsync);
                peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: false));
            }

            var elapsed = Stopwatch.GetElapsedTime(begun);
            await Task.Delay(TimeSpan.FromSeconds(2));
            return new GrainFloodFigures
            {
                Keys = UnknownKeyCount,
                Late = late,
                PerSecond = UnknownKeyCount / elapsed.TotalSeconds,
                BytesLeftPerKey = (GetLiveBytes() - held) / (double)UnknownKeyCount,
                PeakMiB = peak / (double)(1 << 20),
            };
        }

        async Task AskAsync(string id)
        {
            try
            {
                if (await silo.Grains.GetGrain<IVirtualKeyGrain>(id).ValidateAsync(default, null) != Verdict.NotFound)
                    throw new InvalidOperationException("There is such a key.");
            }
            catch (TimeoutException)
            {
                Interlocked.Increment(ref late);
            }
        }
    }

    private static Task CallAsync(IEnumerable<string> ids, Func<string, Task> call) => Parallel.ForEachAsync(
        ids, new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrency }, async (id, _) => await call(id));

    private static long GetLiveBytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
