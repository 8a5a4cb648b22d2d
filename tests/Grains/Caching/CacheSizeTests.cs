using System.Text.Json.Nodes;
using KeysCluster.Grains.Idempotency;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Grains.Tests.Verification;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;
using Xunit.Sdk;

namespace KeysCluster.Grains.Tests.Caching;

/// <summary>The memory of the cache, as it is estimated and as it is in use.</summary>
[Collection(NonParallelTests.Name)]
public sealed class CacheSizeTests
{
    [Theory]
    [InlineData(4000, 0, 0)]
    [InlineData(1000, 2, 300)]
    [InlineData(100, SecretSet.MaxReplacedSecrets, VirtualKeyLimits.MaxTextBytes)]
    [InlineData(200, 0, 0, VirtualKeyLimits.MaxConfigBytes)]
    public Task The_estimated_memory_of_cached_keys_is_the_memory_in_use(
        int count, int replaced, int textLength, int configLength = 0) => MeasureAsync(async () =>
    {
        using var silo = new SiloValidationHarness(cacheBytes: 1 << 30);
        var keys = Enumerable.Range(0, count).Select(_ => StoreKey(silo, replaced, textLength, configLength)).ToList();
        await silo.AssertVerdictsAsync(VerdictCode.Active, keys[0][0]);
        var (used, estimated) = (GetUsedBytes(), silo.Cache.Size);

        foreach (var secret in keys.Skip(1).SelectMany(secrets => secrets))
            Assert.True((await silo.ValidateAsync(secret)).IsValid);

        (used, estimated) = (GetUsedBytes() - used, silo.Cache.Size - estimated);
        Assert.Equal(count, silo.Cache.Count);
        Assert.InRange(estimated / (double)used, 0.9, 1.3);
    });

    [Fact]
    public Task The_largest_keys_of_a_tenant_take_no_more_memory_than_the_cache_may_have() => MeasureAsync(async () =>
    {
        const int CacheBytes = 8 << 20;

        // The first use of each secret is reported. Nobody takes the reports here.
        const int ReportCount = 500 * (SecretSet.MaxReplacedSecrets + 1);
        const int MaxReportBytes = 200;
        using var silo = new SiloValidationHarness(CacheBytes);
        var small = StoreKey(silo, replaced: 0, textLength: 0)[0];
        await silo.AssertVerdictsAsync(VerdictCode.Active, small);
        var used = GetUsedBytes();

        for (var i = 0; i < 500; i++)
        {
            var secrets = StoreKey(silo, SecretSet.MaxReplacedSecrets, VirtualKeyLimits.MaxTextBytes);
            foreach (var secret in secrets) Assert.True((await silo.ValidateAsync(secret)).IsValid);
            await silo.AssertVerdictsAsync(VerdictCode.Active, small);
            silo.Storage.Remove(secrets[0]);
        }

        Assert.InRange(silo.Cache.Size, CacheBytes / 2, CacheBytes);
        Assert.InRange(GetUsedBytes() - used, 0, 1.3 * CacheBytes + ReportCount * MaxReportBytes);
        Assert.True(silo.Cache.Contains(VirtualKeyId.FromSecret(small).ToString()), "A key in use was evicted.");
    });

    /// <summary>
    /// Measures up to ten times: the figures are those of the whole process, in which silos of earlier tests may
    /// still allocate or release memory.
    /// </summary>
    private static async Task MeasureAsync(Func<Task> measureAsync)
    {
        const int Attempts = 10;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await measureAsync();
                return;
            }
            catch (InRangeException) when (attempt < Attempts)
            {
                // Measured again.
            }
        }
    }

    private static Secret[] StoreKey(
        SiloValidationHarness silo, int replaced, int textLength, int configLength = 0)
    {
        Secret[] others = [];
        var current = silo.StoreKey(state =>
        {
            others = [.. Enumerable.Range(0, replaced).Select(_ => TestData.MintSecret(VirtualKeyId.Parse(state.Id)))];
            var deadline = TestData.Start.AddDays(1);
            return state with
            {
                Description = new string('d', textLength),
                Config = configLength == 0 ? null : $$"""{"c":"{{new string('c', configLength - 8)}}"}""",

                // Validation does not need these, so they take no memory.
                IdempotencyRecords = new IdempotencyRecords { Records = [.. CreateRecords(replaced)] },
                LastEvent = state.LastEvent with
                {
                    Changes = new JsonObject { ["description"] = new string('c', textLength) },
                },
                Secrets = state.Secrets with
                {
                    Replaced =
                    [
                        .. others.Select(secret =>
                            TestData.NewStoredSecret(secret, TestData.Start) with { ValidUntil = deadline }),
                    ],
                },
            };
        });
        return [current, .. others];
    }

    private static IEnumerable<IdempotencyRecord> CreateRecords(int count) =>
        Enumerable.Range(0, count).Select(_ => new IdempotencyRecord
        {
            KeyHash = new byte[32],
            RequestHash = new byte[32],
            SealedSecret = new byte[140],
            SecretId = SecretId.New(TestData.Start).ToString(),
            ExpiresAt = TestData.Start.AddDays(1),
        });

    /// <summary>Measures until earlier tests have nothing more to release.</summary>
    private static long GetUsedBytes()
    {
        var used = long.MaxValue;
        while (true)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            var before = used;
            used = GC.GetTotalMemory(forceFullCollection: true);
            if (used >= before) return used;
        }
    }
}
