using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Grains.Tests.VirtualKeys;
using KeysCluster.Secrets;
using KeysCluster.Validation.Caching;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.Time.Testing;

namespace KeysCluster.Grains.Tests.Caching;

/// <summary>The verdicts that a client caches, and the memory that they take.</summary>
public sealed class ClientCacheTests
{
    private const string Key = "vk_1";
    private const int Capacity = 1 << 20;

    private static readonly DateTimeOffset End = TestData.Start.AddDays(1);

    private readonly TestLease _lease = new();
    private readonly LeasedCache<CacheEntry> _cache;

    public ClientCacheTests() => _cache = new LeasedCache<CacheEntry>(
        GrainTypeNames.VirtualKey, Capacity, _lease, new FakeTimeProvider(TestData.Start));

    [Fact]
    public void Verdicts_on_secrets_of_one_key_share_one_copy_of_the_key()
    {
        var (first, second) = (NewSecret(End, CreateKey()), NewSecret(End, CreateKey()));

        Fill(Key, first);
        var size = _cache.Size;
        Fill(Key, second);

        Assert.Same(FindKey(first), FindKey(second));
        Assert.Equal(size + MemorySize.Secret, _cache.Size);
    }

    /// <summary>A verdict ends at a deadline or the expiry of the key, which then shows another state.</summary>
    [Fact]
    public void A_verdict_on_a_key_whose_end_has_passed_is_not_kept()
    {
        var (first, second) = (NewSecret(End, CreateKey()), NewSecret(End.AddDays(1), CreateKey()));

        Fill(Key, first);
        Fill(Key, second);

        Assert.Null(_cache.Find(Key)!.FindSecret(first.Fingerprint));
        Assert.NotNull(_cache.Find(Key)!.FindSecret(second.Fingerprint));
    }

    [Fact]
    public void API_keys_of_a_project_stay_cached_with_their_own_deadlines()
    {
        var (current, retiring) = (NewSecret(DateTimeOffset.MaxValue, null), NewSecret(End, null));

        Fill(Key, current);
        Fill(Key, retiring);

        Assert.NotNull(_cache.Find(Key)!.FindSecret(current.Fingerprint));
        Assert.NotNull(_cache.Find(Key)!.FindSecret(retiring.Fingerprint));
    }

    [Fact]
    public void Entries_beyond_the_capacity_are_evicted()
    {
        for (var i = 0; i < 1000; i++) Fill($"vk_{i}", NewSecret(End, CreateKey(new string('d', 4000))));

        Assert.InRange(_cache.Size, Capacity / 2, Capacity);
        Assert.InRange(_cache.Count, 50, 200);
        Assert.NotNull(_cache.Find("vk_999"));
    }

    [Fact]
    public void An_entry_that_is_larger_than_the_cache_is_not_cached()
    {
        Fill(Key, NewSecret(End, CreateKey(new string('d', Capacity))));

        Assert.Equal((0, 0), (_cache.Count, _cache.Size));
    }

    [Fact]
    public void Removed_entries_take_no_memory()
    {
        Fill("vk_1", NewSecret(End, CreateKey()));
        Fill("vk_1", NewSecret(End.AddDays(1), CreateKey("another description")));
        Fill("vk_2", NewSecret(End, CreateKey()));
        _cache.Invalidate("vk_1", 2);
        Assert.NotEqual(0, _cache.Size);

        _lease.Lose();

        Assert.Equal((0, 0), (_cache.Count, _cache.Size));
    }

    private static VirtualKey CreateKey(string? description = null) =>
        new RuleTestKey(TestData.Start).State.ToVirtualKey(TestData.Start) with { Description = description };

    private static CachedSecret NewSecret(DateTimeOffset end, VirtualKey? key)
    {
        var verdict = new Verdict { Code = VerdictCode.Active, Key = key, SecretId = SecretId.New(TestData.Start) };
        return new(SecretFingerprint.From(TestData.MintSecret().Reveal()), verdict.SecretId.Value)
        {
            Verdict = new(verdict, TestData.Start, end),
        };
    }

    private void Fill(string owner, CachedSecret secret)
    {
        using var fill = _cache.BeginFill(owner);
        fill.Commit(new CacheEntry(fill.Epoch, 1, secret));
    }

    private VirtualKey? FindKey(CachedSecret secret) =>
        _cache.Find(Key)!.FindSecret(secret.Fingerprint)!.Verdict!.Verdict.Key;
}
