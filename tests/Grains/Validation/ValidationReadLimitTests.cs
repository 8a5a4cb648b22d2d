using KeysCluster.Grains.Caching;
using KeysCluster.Grains.Tests.Cluster;
using KeysCluster.Grains.Verification;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Secrets;
using KeysCluster.Storage;
using KeysCluster.Validation.Caching;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Validation;

/// <summary>How much a flood can have storage do, and how much of it can wait.</summary>
public sealed class ValidationReadLimitTests : IDisposable
{
    private const int MaxQueuedUncachedKeys = StateReader<VirtualKeyState>.MaxQueuedUncachedKeys;

    private readonly SiloValidationHarness _silo = new(capacity: 4000);

    public void Dispose() => _silo.Dispose();

    [Fact]
    public async Task Uncached_keys_beyond_the_queue_limit_are_Unavailable_immediately()
    {
        _silo.Storage.BlockReads();
        var answers = await StartValidationsAsync(MaxQueuedUncachedKeys + 500, SiloValidationHarness.MintForUnknownKey);

        Assert.Equal(500, answers.Count(answer => answer.IsCompletedSuccessfully && answer.Result == Verdict.Unavailable));
        await KeysTestCluster.WaitUntilAsync(() => _silo.Storage.ReadsInFlight == ValidationReadLimiter.MaxConcurrencyForUncachedKeys);
        Assert.Equal(MaxQueuedUncachedKeys, _silo.Reader.QueueLength);

        _silo.Storage.UnblockReads();
        var verdicts = await Task.WhenAll(answers);
        Assert.Equal(MaxQueuedUncachedKeys, verdicts.Count(verdict => verdict == Verdict.NotFound));
        await _silo.AssertIdleAsync();
    }

    [Fact]
    public async Task A_cached_key_is_refreshed_while_uncached_keys_fill_their_queue()
    {
        var known = _silo.StoreKey();
        await _silo.AssertVerdictsAsync(VerdictCode.Active, known);
        _silo.Clock.Advance(CacheLimits.MaxEntryAge);
        var before = _silo.Storage.ReadCount;
        _silo.Storage.BlockReads();
        var answers = await StartValidationsAsync(MaxQueuedUncachedKeys + 500, SiloValidationHarness.MintForUnknownKey);
        await KeysTestCluster.WaitUntilAsync(() => _silo.Storage.ReadsInFlight == ValidationReadLimiter.MaxConcurrencyForUncachedKeys);

        var answer = _silo.ValidateAsync(known).AsTask();

        await KeysTestCluster.WaitUntilAsync(() => _silo.Storage.ReadsInFlight == ValidationReadLimiter.MaxConcurrencyForUncachedKeys + 1);
        Assert.Equal(before + ValidationReadLimiter.MaxConcurrencyForUncachedKeys + 1, _silo.Storage.ReadCount);
        _silo.Storage.UnblockReads();
        Assert.Equal(VerdictCode.Active, (await answer).Code);
        await Task.WhenAll(answers);
    }

    [Fact]
    public async Task Reads_of_cached_keys_use_at_most_the_maximum_concurrency()
    {
        var known = Enumerable.Range(0, 3000).Select(_ => _silo.StoreKey()).ToList();
        await _silo.AssertVerdictsAsync(VerdictCode.Active, known);
        _silo.Clock.Advance(CacheLimits.MaxEntryAge);
        _silo.Storage.BlockReads();

        var next = 0;
        var answers = await StartValidationsAsync(known.Count, () => known[next++]);

        await KeysTestCluster.WaitUntilAsync(() => _silo.Storage.ReadsInFlight == ValidationReadLimiter.MaxConcurrency);
        Assert.Equal(2 * MaxQueuedUncachedKeys, _silo.Reader.QueueLength);
        _silo.Storage.UnblockReads();
        var verdicts = await Task.WhenAll(answers);
        Assert.Equal(2 * MaxQueuedUncachedKeys, verdicts.Count(verdict => verdict.Code == VerdictCode.Active));
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
        await KeysTestCluster.WaitUntilAsync(() => _silo.Storage.ReadsInFlight == 1);
        await _silo.AssertVerdictsAsync(VerdictCode.Active, hot, other);
        var read = _silo.ValidateAsync(cold).AsTask();
        await KeysTestCluster.WaitUntilAsync(() => _silo.Storage.ReadsInFlight == 2);

        _silo.Storage.UnblockReads();
        Assert.All(await Task.WhenAll(wrong), verdict => Assert.Equal(Verdict.NotFound, verdict));
        Assert.Equal(VerdictCode.Active, (await read).Code);
        Assert.Equal(before + 3, _silo.Storage.ReadCount);
    }

    [Fact]
    public async Task Callers_beyond_the_limit_of_waiting_callers_are_Unavailable_immediately()
    {
        var hot = _silo.StoreKey();
        _silo.Storage.BlockReads();

        var answers = await StartValidationsAsync(StateReader<VirtualKeyState>.MaxWaitingCallers + 500, () => hot);

        Assert.Equal(500, answers.Count(answer => answer.IsCompletedSuccessfully && answer.Result == Verdict.Unavailable));
        _silo.Storage.UnblockReads();
        await Task.WhenAll(answers);
        Assert.Equal(VerdictCode.Active, (await _silo.ValidateAsync(hot)).Code);
    }

    [Theory]
    [InlineData(false, ValidationReadLimiter.MaxConcurrencyForUncachedKeys)]
    [InlineData(true, ValidationReadLimiter.MaxConcurrency)]
    public async Task A_read_that_times_out_in_the_queue_is_not_executed(bool isKnown, int atOnce)
    {
        var turns = new ValidationReadLimiter { QueueTimeout = TimeSpan.Zero };
        var end = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var reads = 0;
        var underWay = Enumerable.Range(0, atOnce).Select(_ => Read()).ToList();

        await Assert.ThrowsAsync<StorageUnavailableException>(Read);
        Assert.Equal(atOnce, reads);

        end.SetResult(1);
        await Task.WhenAll(underWay);
        Assert.Equal(1, await Read());

        Task<int> Read() => turns.ExecuteAsync(isKnown, () =>
        {
            Interlocked.Increment(ref reads);
            return end.Task;
        });
    }

    [Fact]
    public void Concurrent_verifications_of_a_secret_add_it_to_its_cache_entry_once()
    {
        var held = new StateCacheEntry<VirtualKeyState>(null, 1, TestData.Start, 0);
        var fingerprint = SiloValidationHarness.MintForUnknownKey().Fingerprint();
        var stored = TestData.CreateStoredSecret(SiloValidationHarness.MintForUnknownKey(), TestData.Start);

        Assert.Same(held.AddSecret(fingerprint, stored), held.AddSecret(fingerprint, stored));
        Assert.Same(held.FindSecret(fingerprint), held.AddSecret(fingerprint, stored));
    }

    /// <summary>Begins validations, off the tests' own context, through which no service passes its calls.</summary>
    private Task<List<Task<Verdict>>> StartValidationsAsync(int count, Func<Secret> secret) => Task.Run(() =>
        Enumerable.Range(0, count).Select(_ => _silo.ValidateAsync(secret()).AsTask()).ToList());
}
