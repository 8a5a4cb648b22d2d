using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Grains.Verification;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Secrets;
using KeysCluster.Storage;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Verification;

/// <summary>The limits on the storage reads of a flood of validations, and on the validations that wait.</summary>
public sealed class ValidationReadLimitTests : IDisposable
{
    private const int MaxQueuedUncachedKeys = StateReader<VirtualKeyState>.MaxQueuedUncachedKeys;
    private const int MaxConcurrencyForUncachedKeys = ValidationReadLimiter.MaxConcurrencyForUncachedKeys;

    private readonly SiloValidationHarness _silo = new(cacheBytes: 16 << 20);

    public void Dispose() => _silo.Dispose();

    [Fact]
    public async Task Uncached_keys_beyond_the_queue_limit_are_Unavailable_immediately()
    {
        _silo.Storage.BlockReads();
        var validations = await StartValidationsAsync(MaxQueuedUncachedKeys + 500, TestData.MintSecret);

        Assert.Equal(500, validations.Count(IsUnavailable));
        await _silo.Storage.WaitForReadsInFlightAsync(MaxConcurrencyForUncachedKeys);
        Assert.Equal(MaxQueuedUncachedKeys, _silo.Reader.QueueLength);

        _silo.Storage.UnblockReads();
        var verdicts = await Task.WhenAll(validations).WaitAsync(Wait.Timeout);
        Assert.Equal(MaxQueuedUncachedKeys, verdicts.Count(verdict => verdict == Verdict.NotFound));
        await _silo.AssertIdleAsync();
    }

    [Fact]
    public async Task A_cached_key_is_read_again_while_uncached_keys_fill_their_queue()
    {
        var cached = _silo.StoreKey();
        await _silo.AssertVerdictsAsync(VerdictCode.Active, cached);
        var before = _silo.Storage.ReadCount;
        _silo.Storage.BlockReads();
        var validations = await StartValidationsAsync(MaxQueuedUncachedKeys + 500, TestData.MintSecret);
        await _silo.Storage.WaitForReadsInFlightAsync(MaxConcurrencyForUncachedKeys);

        // A wrong secret may be one that another silo has just issued, which the cache does not disprove.
        var wrong = _silo.ValidateAsync(SiloValidationHarness.MintWrongSecret(cached)).AsTask();

        await _silo.Storage.WaitForReadsInFlightAsync(MaxConcurrencyForUncachedKeys + 1);
        Assert.Equal(before + MaxConcurrencyForUncachedKeys + 1, _silo.Storage.ReadCount);
        _silo.Storage.UnblockReads();
        Assert.Equal(Verdict.NotFound, await wrong);
        await Task.WhenAll(validations).WaitAsync(Wait.Timeout);
    }

    [Fact]
    public async Task Reads_of_cached_keys_use_at_most_the_maximum_concurrency()
    {
        var cached = Enumerable.Range(0, 3000).Select(_ => _silo.StoreKey()).ToList();
        await _silo.AssertVerdictsAsync(VerdictCode.Active, cached);
        _silo.Storage.BlockReads();

        var next = 0;
        var validations = await StartValidationsAsync(
            cached.Count, () => SiloValidationHarness.MintWrongSecret(cached[next++]));

        await _silo.Storage.WaitForReadsInFlightAsync(ValidationReadLimiter.MaxConcurrency);
        Assert.Equal(2 * MaxQueuedUncachedKeys, _silo.Reader.QueueLength);
        _silo.Storage.UnblockReads();
        var verdicts = await Task.WhenAll(validations).WaitAsync(Wait.Timeout);
        Assert.Equal(2 * MaxQueuedUncachedKeys, verdicts.Count(verdict => verdict == Verdict.NotFound));
        await _silo.AssertIdleAsync();
    }

    [Fact]
    public async Task Wrong_secrets_of_one_key_share_one_read_at_a_time_and_block_no_other_key()
    {
        var (hot, other, cold) = (_silo.StoreKey(), _silo.StoreKey(), _silo.StoreKey());
        await _silo.AssertVerdictsAsync(VerdictCode.Active, hot, other);
        var before = _silo.Storage.ReadCount;
        _silo.Storage.BlockReads();

        var wrong = await StartValidationsAsync(10_000, () => SiloValidationHarness.MintWrongSecret(hot));
        await _silo.Storage.WaitForReadsInFlightAsync(1);
        await _silo.AssertVerdictsAsync(VerdictCode.Active, hot, other);
        var uncached = _silo.ValidateAsync(cold).AsTask();
        await _silo.Storage.WaitForReadsInFlightAsync(2);

        _silo.Storage.UnblockReads();
        var verdicts = await Task.WhenAll(wrong).WaitAsync(Wait.Timeout);
        Assert.All(verdicts, verdict => Assert.Equal(Verdict.NotFound, verdict));
        Assert.Equal(VerdictCode.Active, (await uncached).Code);
        Assert.Equal(before + 3, _silo.Storage.ReadCount);
    }

    [Fact]
    public async Task Callers_beyond_the_limit_of_waiting_callers_are_Unavailable_immediately()
    {
        var key = _silo.StoreKey();
        _silo.Storage.BlockReads();

        var validations = await StartValidationsAsync(StateReader<VirtualKeyState>.MaxWaitingCallers + 500, () => key);

        Assert.Equal(500, validations.Count(IsUnavailable));
        _silo.Storage.UnblockReads();
        await Task.WhenAll(validations).WaitAsync(Wait.Timeout);
        Assert.Equal(VerdictCode.Active, (await _silo.ValidateAsync(key)).Code);
    }

    [Theory]
    [InlineData(false, MaxConcurrencyForUncachedKeys)]
    [InlineData(true, ValidationReadLimiter.MaxConcurrency)]
    public async Task A_queued_read_starts_until_the_queue_timeout_and_never_after_it(bool isCached, int maxConcurrency)
    {
        var options = ValidationReadOptions.Default;
        var tick = TimeSpan.FromMilliseconds(1);
        using var limiter = new ValidationReadLimiter(options, _silo.Clock);
        var slots = new List<ValidationReadLimiter.Slot>();
        for (var i = 0; i < maxConcurrency; i++) slots.Add(await limiter.AcquireAsync(isCached));
        var first = limiter.AcquireAsync(isCached).AsTask();
        var second = limiter.AcquireAsync(isCached).AsTask();

        _silo.Clock.Advance(options.QueueTimeout - tick);
        slots[0].Dispose();
        slots[0] = await first.WaitAsync(Wait.Timeout);
        _silo.Clock.Advance(tick);

        await Assert.ThrowsAsync<StorageUnavailableException>(() => second.WaitAsync(Wait.Timeout));
        foreach (var slot in slots) slot.Dispose();
        for (var i = 0; i < maxConcurrency; i++) await limiter.AcquireAsync(isCached);
    }

    [Fact]
    public async Task A_validation_is_Unavailable_at_the_read_timeout_and_the_timeout_is_logged()
    {
        var options = ValidationReadOptions.Default;
        using var silo = new SiloValidationHarness(readOptions: options);
        var key = silo.StoreKey();
        silo.Storage.BlockReads();
        var validations = Enumerable.Range(0, 3).Select(_ => silo.ValidateAsync(key).AsTask()).ToList();
        await silo.Storage.WaitForReadsInFlightAsync(1);

        silo.Clock.Advance(options.ReadTimeout - TimeSpan.FromMilliseconds(1));
        Assert.All(validations, validation => Assert.False(validation.IsCompleted));
        silo.Clock.Advance(TimeSpan.FromMilliseconds(1));

        var verdicts = await Task.WhenAll(validations).WaitAsync(Wait.Timeout);
        Assert.All(verdicts, verdict => Assert.Equal(Verdict.Unavailable, verdict));
        Assert.Contains("timed out", Assert.Single(silo.Logs.GetSnapshot()).Message, StringComparison.Ordinal);
        silo.Storage.UnblockReads();
        await silo.AssertIdleAsync();
    }

    private static bool IsUnavailable(Task<Verdict> validation) =>
        validation.IsCompletedSuccessfully && validation.Result == Verdict.Unavailable;

    /// <summary>Starts validations without a synchronization context, as services do.</summary>
    private Task<List<Task<Verdict>>> StartValidationsAsync(int count, Func<Secret> secret) => Task.Run(() =>
        Enumerable.Range(0, count).Select(_ => _silo.ValidateAsync(secret()).AsTask()).ToList());
}
