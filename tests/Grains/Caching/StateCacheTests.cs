using KeysCluster.Grains.Caching;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Grains.VirtualKeys;
using KeysCluster.Secrets;
using KeysCluster.Validation.Caching;
using Microsoft.Extensions.Time.Testing;

namespace KeysCluster.Grains.Tests.Caching;

public sealed class StateCacheTests
{
    private const string Key = "vk_1";

    private readonly FakeTimeProvider _clock = new(TestData.Start);
    private readonly TestLease _lease = new();
    private readonly StateCache<VirtualKeyState> _cache;

    public StateCacheTests() =>
        _cache = new StateCache<VirtualKeyState>(GrainTypeNames.VirtualKey, 1 << 20, _lease, _clock);

    [Fact]
    public void A_state_that_was_read_is_cached()
    {
        CacheRevision(1);

        Assert.Equal(1, GetCachedRevision());
    }

    [Fact]
    public void The_absence_of_a_state_is_not_cached()
    {
        using var read = _cache.BeginFill(Key);

        Assert.Null(StateCache<VirtualKeyState>.Commit(read, null).State);
        Assert.Null(_cache.Find(Key));
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(2, 2L)]
    [InlineData(3, 3L)]
    public void An_invalidation_removes_only_older_revisions(int cached, long? remaining)
    {
        CacheRevision(cached);

        _cache.Invalidate(Key, 2);

        Assert.Equal(remaining, GetCachedRevision());
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(2, 2L)]
    public void A_slow_read_does_not_restore_an_invalidated_entry(int read, long? cached)
    {
        using (var slow = _cache.BeginFill(Key))
        {
            _cache.Invalidate(Key, 2);
            Assert.Equal(read, StateCache<VirtualKeyState>.Commit(slow, CreateState(read)).State!.Revision);
        }

        Assert.Equal(cached, GetCachedRevision());
    }

    [Fact]
    public void A_slow_write_does_not_restore_an_entry_that_another_silo_invalidated()
    {
        using (var write = _cache.BeginFill(Key))
        {
            _cache.Invalidate(Key, 3);
            StateCache<VirtualKeyState>.Commit(write, CreateState(2));
        }

        Assert.Null(_cache.Find(Key));
    }

    [Fact]
    public void A_read_that_starts_after_an_invalidation_is_cached()
    {
        _cache.Invalidate(Key, 2);
        CacheRevision(1);

        Assert.Equal(1, GetCachedRevision());
    }

    [Fact]
    public void The_higher_revision_wins_regardless_of_completion_order()
    {
        using var slow = _cache.BeginFill(Key);
        CacheRevision(2);
        StateCache<VirtualKeyState>.Commit(slow, CreateState(1));

        Assert.Equal(2, GetCachedRevision());
    }

    [Fact]
    public void Entries_are_neither_used_nor_added_without_a_valid_lease()
    {
        CacheRevision(1);
        _lease.Epoch = 0;

        Assert.Null(_cache.Find(Key));
        CacheRevision(2);
        _lease.Epoch = 1;
        Assert.Null(_cache.Find(Key));
    }

    [Fact]
    public void Entries_read_under_one_lease_are_not_used_under_the_next()
    {
        CacheRevision(1);
        using var read = _cache.BeginFill(Key);
        _lease.Epoch = 2;

        Assert.Null(_cache.Find(Key));
        var late = StateCache<VirtualKeyState>.Commit(read, CreateState(1));
        Assert.False(_cache.IsUsable(late));
        Assert.Null(_cache.Find(Key));
    }

    [Fact]
    public void Losing_the_lease_clears_the_cache()
    {
        CacheRevision(1);
        _lease.Lose();

        Assert.Null(_cache.Find(Key));
    }

    [Fact]
    public void Rewriting_a_revision_keeps_the_verification_and_report_time_of_remaining_secrets()
    {
        var (kept, erased) = (NewStoredSecret(), NewStoredSecret());
        var (keptFingerprint, erasedFingerprint) = (NewFingerprint(), NewFingerprint());
        using (var read = _cache.BeginFill(Key))
        {
            var first = StateCache<VirtualKeyState>.Commit(read, CreateState(1, kept, erased));
            Assert.True(first.AddSecret(NewCachedSecret(keptFingerprint, kept)).ShouldReport(TestData.Start));
            first.AddSecret(NewCachedSecret(erasedFingerprint, erased));
        }

        using (var write = _cache.BeginFill(Key))
            StateCache<VirtualKeyState>.Commit(write, CreateState(1, kept with { LastUsedAt = TestData.Start }));

        var entry = _cache.Find(Key)!;
        Assert.Null(entry.FindSecret(keptFingerprint)!.Verdict);
        Assert.False(entry.FindSecret(keptFingerprint)!.ShouldReport(TestData.Start));
        Assert.Null(entry.FindSecret(erasedFingerprint));
    }

    [Fact]
    public void Concurrent_verifications_of_a_secret_add_it_to_its_cache_entry_once()
    {
        var entry = new StateCacheEntry<VirtualKeyState>(null, epoch: 1, TestData.Start);
        var (fingerprint, stored) = (NewFingerprint(), NewStoredSecret());

        var first = entry.AddSecret(NewCachedSecret(fingerprint, stored));

        Assert.Same(first, entry.AddSecret(NewCachedSecret(fingerprint, stored)));
        Assert.Same(first, entry.FindSecret(fingerprint));
    }

    private static StoredSecret NewStoredSecret() => TestData.NewStoredSecret(TestData.MintSecret(), TestData.Start);

    private static SecretFingerprint NewFingerprint() => SecretFingerprint.From(TestData.MintSecret().Reveal());

    private static CachedSecret NewCachedSecret(in SecretFingerprint fingerprint, StoredSecret secret) =>
        new(fingerprint, SecretId.Parse(secret.Id));

    private static VirtualKeyState CreateState(long revision, params StoredSecret[] replaced)
    {
        var command = TestData.NewCreateCommand(TestData.MintSecret(), TestData.Start);
        var state = VirtualKeyLifecycle.Create(Key, command, NewStoredSecret(), TestData.Start).State!;
        return state with { Revision = revision, Secrets = state.Secrets with { Replaced = [.. replaced] } };
    }

    private void CacheRevision(long revision)
    {
        using var read = _cache.BeginFill(Key);
        StateCache<VirtualKeyState>.Commit(read, CreateState(revision));
    }

    private long? GetCachedRevision() => _cache.Find(Key)?.State!.Revision;
}
