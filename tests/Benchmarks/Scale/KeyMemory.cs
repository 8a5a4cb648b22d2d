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
    public const int Secrets = 100_000;
    public const int Keys = 20_000;
    public const int Unknown = 100_000;

    private const int AtOnce = 16;

    public static async Task<double> BytesPerCachedSecretAsync()
    {
        using var silo = new ValidatorAlone();
        string[] secrets = [.. Enumerable.Range(0, Secrets).Select(_ => silo.Store())];
        await silo.Expect(VerdictCode.Active, secrets.Take(100));
        var before = Held();
        await silo.Expect(VerdictCode.Active, secrets);
        var bytes = (Held() - before) / (double)Secrets;
        await silo.Expect(VerdictCode.Active, secrets.Take(1));
        return bytes;
    }

    public static async Task<(double BytesPerActiveKey, GrainFloodFigures Flood)> OfGrainsAsync()
    {
        var (storage, late) = (new StatesInMemory(), 0);
        var pepper = new Pepper(new byte[Pepper.MinLength]);
        var keys = new List<string>(Keys);
        for (var n = 0; n < Keys; n++)
        {
            var (_, state) = SeededKeys.NewKey(NewKey.Owner, pepper, TimeProvider.System.GetUtcNow());
            storage.Put(state);
            keys.Add(state.Id);
        }

        await using var silo = await InProcessSilo.StartAsync(builder =>
        {
            builder.Services.AddKeyedSingleton<IGrainStorage>(StorageNames.Provider, storage);
            builder.Services.AddKeyedSingleton<IGrainStorage>(StorageNames.Reads, storage);
            builder.UseInMemoryReminderService();
        });
        await CallAsync(keys.Take(100), GetAsync);
        var before = Held();
        await CallAsync(keys, GetAsync);
        var bytes = (Held() - before) / (double)Keys;
        return (bytes, await FloodAsync());

        async Task GetAsync(string id)
        {
            if (await silo.Grains.GetGrain<IVirtualKeyGrain>(id).Get(NewKey.Owner) is null)
                throw new InvalidOperationException("There is no such key.");
        }

        async Task<GrainFloodFigures> FloodAsync()
        {
            var unknown = Enumerable.Range(0, Unknown).Select(_ => VirtualKeyId.New(TimeProvider.System.GetUtcNow()).ToString()).ToList();
            await CallAsync(unknown.Take(1000), AskAsync);
            var (held, peak, begun) = (Held(), 0L, Stopwatch.GetTimestamp());
            foreach (var some in unknown.Chunk(Unknown / 20))
            {
                await CallAsync(some, AskAsync);
                peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: false));
            }

            var elapsed = Stopwatch.GetElapsedTime(begun);
            await Task.Delay(TimeSpan.FromSeconds(2));
            return new GrainFloodFigures
            {
                Keys = Unknown,
                Late = late,
                PerSecond = Unknown / elapsed.TotalSeconds,
                BytesLeftPerKey = (Held() - held) / (double)Unknown,
                PeakMiB = peak / (double)(1 << 20),
            };
        }

        async Task AskAsync(string id)
        {
            try
            {
                if (await silo.Grains.GetGrain<IVirtualKeyGrain>(id).Validate(default, null) != Verdict.NotFound)
                    throw new InvalidOperationException("There is such a key.");
            }
            catch (TimeoutException)
            {
                Interlocked.Increment(ref late);
            }
        }
    }

    private static Task CallAsync(IEnumerable<string> ids, Func<string, Task> call) => Parallel.ForEachAsync(
        ids, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (id, _) => await call(id));

    private static long Held()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
