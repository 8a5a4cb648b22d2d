using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Secrets;
using KeysCluster.Validation.Caching;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Verification;

/// <summary>Floods of validations, as an attacker or a misconfigured client sends them.</summary>
[Collection(NonParallelTests.Name)]
public sealed class ValidationFloodTests : IDisposable
{
    private const int Million = 1_000_000;

    /// <summary>Exceeded if each secret of a flood left 32 bytes behind.</summary>
    private const long MaxRetainedBytes = 32_000_000;

    private readonly SiloValidationHarness _silo = new();

    public void Dispose() => _silo.Dispose();

    [Fact, Trait("Speed", "slow")]
    public async Task A_million_secrets_of_unknown_keys_evict_nothing_and_retain_no_memory()
    {
        var cached = await StoreCachedKeysAsync(500);
        await _silo.FloodAsync(10_000, TestData.MintSecret, VerdictCode.NotFound);
        var (memory, reads) = (GC.GetTotalMemory(forceFullCollection: true), _silo.Storage.ReadCount);

        await _silo.FloodAsync(Million, TestData.MintSecret, VerdictCode.NotFound);

        Assert.Equal(reads + Million, _silo.Storage.ReadCount);
        await _silo.AssertVerdictsAsync(VerdictCode.Active, cached);
        Assert.Equal((reads + Million, cached.Length), (_silo.Storage.ReadCount, _silo.Cache.Count));
        await _silo.AssertIdleAsync();
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - memory, long.MinValue, MaxRetainedBytes);
    }

    [Fact]
    public async Task A_cached_secret_validates_without_a_read_or_an_allocation()
    {
        var text = (await StoreCachedKeysAsync(1))[0].Reveal();
        var reads = _silo.Storage.ReadCount;

        AllocationAssert.None(() => _silo.ValidateAsync(text));

        Assert.Equal(reads, _silo.Storage.ReadCount);
    }

    [Fact]
    public async Task A_million_malformed_secrets_cause_no_read()
    {
        for (var i = 0; i < Million; i++)
        {
            var verdict = _silo.ValidateAsync($"vk-lw-live_{i}");
            if (!verdict.IsCompletedSuccessfully || await verdict != Verdict.Malformed)
                throw new InvalidOperationException("A malformed secret was not rejected at once.");
        }

        Assert.Equal(0, _silo.Storage.ReadCount);
    }

    [Fact]
    public async Task Repeated_revoked_and_expired_secrets_cause_one_read_per_key()
    {
        var cached = await StoreCachedKeysAsync(500);
        var revoked = StoreKeys(100, state => state with { RevokedAt = TestData.Start });
        var expired = StoreKeys(100, state => state with { Secrets = WithExpiredSecret(state.Secrets) });
        _silo.Clock.Advance(TimeSpan.FromMinutes(1));
        await _silo.AssertVerdictsAsync(VerdictCode.Revoked, revoked);
        await _silo.AssertVerdictsAsync(VerdictCode.ExpiredSecret, expired);
        var reads = _silo.Storage.ReadCount;

        await _silo.FloodAsync(Million / 2, InTurn(revoked), VerdictCode.Revoked);
        await _silo.FloodAsync(Million / 2, InTurn(expired), VerdictCode.ExpiredSecret);

        await _silo.AssertVerdictsAsync(VerdictCode.Active, cached);
        Assert.Equal((700, reads), (_silo.Cache.Count, _silo.Storage.ReadCount));
    }

    [Fact]
    public async Task Repeated_validations_of_disabled_and_expired_keys_evict_no_other_key()
    {
        var cached = await StoreCachedKeysAsync(500);
        var disabled = StoreKeys(100, state => state with { DisabledAt = TestData.Start });
        var expired = StoreKeys(100, state => state with { ExpiresAt = TestData.Start });

        await _silo.FloodAsync(50_000, InTurn(disabled), VerdictCode.Disabled);
        await _silo.FloodAsync(50_000, InTurn(expired), VerdictCode.Expired);

        var reads = _silo.Storage.ReadCount;
        await _silo.AssertVerdictsAsync(VerdictCode.Active, cached);
        Assert.Equal((700, reads), (_silo.Cache.Count, _silo.Storage.ReadCount));
        await _silo.AssertIdleAsync();
    }

    [Fact]
    public async Task Keys_beyond_the_cache_capacity_do_not_evict_frequently_used_ones()
    {
        var hot = await StoreCachedKeysAsync(100);
        await _silo.AssertVerdictsAsync(VerdictCode.Active, hot);
        var cold = StoreKeys(20_000);
        foreach (var chunk in cold.Chunk(100))
        {
            await _silo.AssertVerdictsAsync(VerdictCode.Active, chunk);
            await _silo.AssertVerdictsAsync(VerdictCode.Active, hot);
        }

        const int projects = 1;
        Assert.Equal(hot.Length + cold.Length + projects, _silo.Storage.ReadCount);
        Assert.InRange(_silo.Cache.Count, 500, 2000);
    }

    [Fact]
    public async Task The_queue_of_usage_reports_is_bounded()
    {
        var (key, secret) = (VirtualKeyId.New(TestData.Start), SecretId.New(TestData.Start));

        var presented = new PresentedSecret(TestData.MintSecret(key));
        for (var i = 0; i < Million; i++)
        {
            _silo.UsageReporter.ReportVirtualKey(
                key, new CachedSecret(default, secret), presented, TestData.Start, address: null);
        }

        Assert.Equal(100_000, GaugeReader.Read(_silo.Meters, "keys.usage_reports.queued"));
        await _silo.AssertVerdictsAsync(VerdictCode.Active, _silo.StoreKey());
        await _silo.AssertIdleAsync();
    }

    /// <summary>Returns one secret after the other, for concurrent callers.</summary>
    private static Func<Secret> InTurn(Secret[] secrets)
    {
        var next = 0;
        return () => secrets[Interlocked.Increment(ref next) % secrets.Length];
    }

    private static SecretSet WithExpiredSecret(SecretSet secrets) => new()
    {
        CurrentSecret = TestData.NewStoredSecret(TestData.MintSecret(), TestData.Start),
        Replaced = [secrets.CurrentSecret with { ValidUntil = TestData.Start }],
    };

    private Secret[] StoreKeys(int count, Func<VirtualKeyState, VirtualKeyState>? change = null) =>
        [.. Enumerable.Range(0, count).Select(_ => _silo.StoreKey(change))];

    private async Task<Secret[]> StoreCachedKeysAsync(int count)
    {
        var secrets = StoreKeys(count);
        await _silo.AssertVerdictsAsync(VerdictCode.Active, secrets);
        return secrets;
    }
}
