using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Validation;

/// <summary>Alone on the process, since memory is measured.</summary>
[CollectionDefinition(nameof(ValidationFloodTests), DisableParallelization = true)]
public sealed class NonParallelCollection;

[Collection(nameof(ValidationFloodTests))]
public sealed class ValidationFloodTests : IDisposable
{
    private const int Million = 1_000_000;

    /// <summary>A flood that left as little as 32 bytes a secret behind would show.</summary>
    private const long MaxRetainedBytes = 32_000_000;

    private readonly SiloValidationHarness _silo = new();

    public void Dispose() => _silo.Dispose();

    [Fact]
    public async Task A_million_secrets_of_unknown_keys_evict_nothing_and_retain_no_memory()
    {
        var known = await StoreCachedKeysAsync(500);
        await _silo.FloodAsync(10_000, SiloValidationHarness.MintForUnknownKey, VerdictCode.NotFound);
        var (memory, reads) = (GC.GetTotalMemory(forceFullCollection: true), _silo.Storage.ReadCount);

        await _silo.FloodAsync(Million, SiloValidationHarness.MintForUnknownKey, VerdictCode.NotFound);

        Assert.Equal(reads + Million, _silo.Storage.ReadCount);
        await _silo.AssertVerdictsAsync(VerdictCode.Active, known);
        Assert.Equal((reads + Million, known.Length), (_silo.Storage.ReadCount, _silo.Cache.Count));
        await _silo.AssertIdleAsync();
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - memory, long.MinValue, MaxRetainedBytes);
    }

    [Fact]
    public async Task A_cached_secret_validates_without_a_read_or_an_allocation()
    {
        var text = (await StoreCachedKeysAsync(1))[0].Reveal();
        var reads = _silo.Storage.ReadCount;

        Hit();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) Hit();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal((0, reads), (allocated, _silo.Storage.ReadCount));

        void Hit()
        {
            var answer = _silo.ValidateAsync(text);
            if (!answer.IsCompletedSuccessfully || !answer.GetAwaiter().GetResult().IsValid) throw new InvalidOperationException();
        }
    }

    [Fact]
    public async Task A_million_malformed_secrets_cause_no_read()
    {
        for (var i = 0; i < Million; i++)
        {
            var answer = _silo.ValidateAsync($"vk-lw-live_{i}");
            if (!answer.IsCompletedSuccessfully || await answer != Verdict.Malformed) throw new InvalidOperationException();
        }

        Assert.Equal(0, _silo.Storage.ReadCount);
    }

    [Fact]
    public async Task Repeated_revoked_and_expired_secrets_cause_one_read_per_key()
    {
        var known = await StoreCachedKeysAsync(500);
        var revoked = StoreKeys(100, state => state with { RevokedAt = TestData.Start });
        var ended = StoreKeys(100, state => state with { Secrets = WithExpiredSecret(state.Secrets) });
        _silo.Clock.Advance(TimeSpan.FromMinutes(1));
        await _silo.AssertVerdictsAsync(VerdictCode.Revoked, revoked);
        await _silo.AssertVerdictsAsync(VerdictCode.ExpiredSecret, ended);
        var reads = _silo.Storage.ReadCount;

        var turn = 0;
        await _silo.FloodAsync(Million / 2, () => revoked[Interlocked.Increment(ref turn) % 100], VerdictCode.Revoked);
        await _silo.FloodAsync(Million / 2, () => ended[Interlocked.Increment(ref turn) % 100], VerdictCode.ExpiredSecret);

        await _silo.AssertVerdictsAsync(VerdictCode.Active, known);
        Assert.Equal((700, reads), (_silo.Cache.Count, _silo.Storage.ReadCount));
    }

    [Fact]
    public async Task Repeated_validations_of_disabled_and_expired_keys_evict_no_other_key()
    {
        var known = await StoreCachedKeysAsync(500);
        var disabled = StoreKeys(100, state => state with { DisabledAt = TestData.Start });
        var expired = StoreKeys(100, state => state with { ExpiresAt = TestData.Start });
        var turn = 0;

        await _silo.FloodAsync(50_000, () => disabled[Interlocked.Increment(ref turn) % 100], VerdictCode.Disabled);
        await _silo.FloodAsync(50_000, () => expired[Interlocked.Increment(ref turn) % 100], VerdictCode.Expired);

        var reads = _silo.Storage.ReadCount;
        await _silo.AssertVerdictsAsync(VerdictCode.Active, known);
        Assert.Equal((700, reads), (_silo.Cache.Count, _silo.Storage.ReadCount));
        await _silo.AssertIdleAsync();
    }

    [Fact]
    public async Task Keys_beyond_the_cache_capacity_do_not_evict_frequently_used_ones()
    {
        var hot = await StoreCachedKeysAsync(100);
        await _silo.AssertVerdictsAsync(VerdictCode.Active, hot);
        var cold = StoreKeys(20_000);
        foreach (var some in cold.Chunk(100))
        {
            await _silo.AssertVerdictsAsync(VerdictCode.Active, some);
            await _silo.AssertVerdictsAsync(VerdictCode.Active, hot);
        }

        Assert.Equal(hot.Length + cold.Length, _silo.Storage.ReadCount);
        Assert.InRange(_silo.Cache.Count, 500, 1000);
    }

    [Fact]
    public async Task The_queue_of_usage_reports_is_bounded()
    {
        using var silo = new SiloValidationHarness();
        var verdict = await silo.ValidateAsync(silo.StoreKey());
        var stored = TestData.CreateStoredSecret(SiloValidationHarness.MintForUnknownKey(), TestData.Start);

        for (var i = 0; i < Million; i++) silo.UsageReporter.ReportVirtualKey(verdict, new VerifiedSecret(default, stored), TestData.Start);

        Assert.Equal(100_000, silo.UsageReporter.QueueLength);
        await silo.AssertIdleAsync();
    }

    private static SecretSet WithExpiredSecret(SecretSet secrets) => new()
    {
        CurrentSecret = TestData.CreateStoredSecret(SiloValidationHarness.MintForUnknownKey(), TestData.Start),
        Replaced = [secrets.CurrentSecret with { ValidUntil = TestData.Start }],
    };

    private Secret[] StoreKeys(int count, Func<VirtualKeyState, VirtualKeyState>? change = null) =>
        [.. Enumerable.Range(0, count).Select(_ => _silo.StoreKey(change))];

    /// <summary>Keys whose secrets this silo has in memory.</summary>
    private async Task<Secret[]> StoreCachedKeysAsync(int count)
    {
        var known = StoreKeys(count);
        await _silo.AssertVerdictsAsync(VerdictCode.Active, known);
        return known;
    }
}
