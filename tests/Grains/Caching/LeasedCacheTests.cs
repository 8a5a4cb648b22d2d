using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Leases;
using KeysCluster.Validation.Caching;
using Microsoft.Extensions.Time.Testing;

namespace KeysCluster.Grains.Tests.Caching;

/// <summary>Invalidations that are pushed to a client before the event log of the silos contains the change.</summary>
public sealed class LeasedCacheTests
{
    private const string Key = "vk_1";

    private readonly TestLease _lease = new();
    private readonly LeasedCache<CacheEntry> _cache;

    public LeasedCacheTests() => _cache = new LeasedCache<CacheEntry>(
        GrainTypeNames.VirtualKey, 1 << 20, _lease, new FakeTimeProvider(TestData.Start));

    [Theory]
    [InlineData(1, null)]
    [InlineData(2, 2L)]
    [InlineData(3, 3L)]
    public void A_pushed_invalidation_removes_only_older_revisions(long cached, long? remaining)
    {
        Fill(cached);

        _cache.InvalidateAhead(Key, 2);

        Assert.Equal(remaining, GetCachedRevision());
    }

    /// <summary>A silo that has not applied the change yet may still answer from the older revision.</summary>
    [Fact]
    public void After_a_push_no_later_fill_caches_an_older_revision_until_the_log_contains_the_change()
    {
        _cache.InvalidateAhead(Key, 3);
        Fill(2);
        Assert.Null(GetCachedRevision());

        _cache.Apply(Key, 2);
        Fill(2);
        Assert.Null(GetCachedRevision());

        _cache.Apply(Key, 3);
        Fill(2);
        Assert.Equal(2, GetCachedRevision());
    }

    [Fact]
    public void After_a_push_a_fill_of_the_new_revision_is_cached()
    {
        _cache.InvalidateAhead(Key, 2);

        Fill(2);

        Assert.Equal(2, GetCachedRevision());
    }

    [Fact]
    public void A_push_of_an_older_revision_does_not_weaken_a_newer_one()
    {
        _cache.InvalidateAhead(Key, 3);
        _cache.InvalidateAhead(Key, 2);

        Fill(2);

        Assert.Null(GetCachedRevision());
    }

    [Fact]
    public void A_push_affects_no_other_owner()
    {
        _cache.InvalidateAhead("vk_2", 2);

        Fill(1);

        Assert.Equal(1, GetCachedRevision());
    }

    [Fact]
    public void An_applied_event_removes_older_revisions_and_prevents_fills_in_progress_from_restoring_them()
    {
        Fill(1);
        using var slow = _cache.BeginFill(Key);

        _cache.Apply(Key, 2);
        Assert.Null(GetCachedRevision());
        slow.Commit(new CacheEntry(slow.Epoch, 1));

        Assert.Null(GetCachedRevision());
    }

    /// <summary>The position of the next lease contains the change.</summary>
    [Fact]
    public void Losing_the_lease_ends_the_effect_of_pushes()
    {
        _cache.InvalidateAhead(Key, 2);
        _lease.Lose();
        _lease.Epoch = 2;

        Fill(1);

        Assert.Equal(1, GetCachedRevision());
    }

    [Fact]
    public void The_event_log_is_applied_to_the_cache_of_the_grain_type_of_each_owner()
    {
        Fill(1);
        IReadOnlyList<ILeasedCache> caches = [_cache];

        caches.Apply([new LogEvent(GrainId.Create(GrainTypeNames.Project, Key), 2, 1)]);
        Assert.Equal(1, GetCachedRevision());
        caches.Apply([new LogEvent(GrainId.Create(GrainTypeNames.VirtualKey, Key), 2, 2)]);
        Assert.Null(GetCachedRevision());
    }

    private void Fill(long revision)
    {
        using var fill = _cache.BeginFill(Key);
        fill.Commit(new CacheEntry(fill.Epoch, revision));
    }

    private long? GetCachedRevision() => _cache.Find(Key)?.Revision;
}
