using KeysCluster.Grains.Secrets;
using KeysCluster.Leases;
using KeysCluster.Secrets;
using KeysCluster.Validation;
using KeysCluster.Grains.Validation;
using KeysCluster.VirtualKeys;
using Microsoft.Extensions.Time.Testing;

namespace KeysCluster.Grains.Tests.Validation;

public sealed class HeldStatesTests
{
    private const string Key = "vk_1";

    private readonly FakeTimeProvider _clock = new(Sample.Start);
    private readonly TestLease _lease = new() { Epoch = 1 };
    private readonly HeldStates<State> _held;

    public HeldStatesTests() => _held = new HeldStates<State>(GrainTypes.VirtualKey, 100, _lease, _clock);

    [Fact]
    public void What_was_read_is_held()
    {
        Read(1);

        Assert.Equal(1, Held());
    }

    [Fact]
    public void That_there_is_nothing_is_not_held()
    {
        using var read = _held.Begin(Key);

        Assert.Null(read.Complete(null).State);
        Assert.Null(_held.Find(Key));
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(2, 2L)]
    [InlineData(3, 3L)]
    public void An_invalidation_spares_what_is_as_new_as_itself(int held, long? left)
    {
        Read(held);

        _held.Invalidate(Key, 2);

        Assert.Equal(left, Held());
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(2, 2L)]
    public void A_slow_read_does_not_bring_back_what_was_invalidated_meanwhile(int read, long? left)
    {
        using (var slow = _held.Begin(Key))
        {
            _held.Invalidate(Key, 2);
            Assert.Equal(read, slow.Complete(new State(read)).State!.Revision);
        }

        Assert.Equal(left, Held());
    }

    [Fact]
    public void A_slow_write_does_not_bring_back_what_another_silo_ended_meanwhile()
    {
        using (var write = _held.Begin(Key))
        {
            _held.Invalidate(Key, 3);
            write.Complete(new State(2));
        }

        Assert.Null(_held.Find(Key));
    }

    [Fact]
    public void A_read_that_began_after_the_invalidation_is_not_held_back()
    {
        _held.Invalidate(Key, 2);
        Read(1);

        Assert.Equal(1, Held());
    }

    [Fact]
    public void Of_two_reads_the_later_revision_stays_whichever_ends_last()
    {
        using var slow = _held.Begin(Key);
        Read(2);
        slow.Complete(new State(1));

        Assert.Equal(2, Held());
    }

    [Fact]
    public void Nothing_is_used_or_held_without_a_good_lease()
    {
        Read(1);
        _lease.Epoch = 0;

        Assert.Null(_held.Find(Key));
        Read(2);
        _lease.Epoch = 1;
        Assert.Null(_held.Find(Key));
    }

    [Fact]
    public void What_was_read_under_one_lease_is_not_used_under_the_next()
    {
        Read(1);
        using var read = _held.Begin(Key);
        _lease.Epoch = 2;

        Assert.Null(_held.Find(Key));
        var late = read.Complete(new State(1));
        Assert.False(_held.IsUsable(late));
        Assert.Null(_held.Find(Key));
    }

    [Fact]
    public void Nothing_is_used_for_as_long_as_an_untold_end_may_be_ahead()
    {
        using (var read = _held.Begin(Key))
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            read.Complete(new State(1));
        }

        _clock.Advance(MemoryLimits.LongestUse - TimeSpan.FromSeconds(1) - Sample.Millisecond);
        Assert.Equal(1, Held());
        _clock.Advance(Sample.Millisecond);
        Assert.Null(_held.Find(Key));
    }

    [Fact]
    public void A_lost_lease_empties_the_memory()
    {
        Read(1);
        _lease.Lose();

        Assert.Null(_held.Find(Key));
    }

    private void Read(long revision)
    {
        using var read = _held.Begin(Key);
        read.Complete(new State(revision));
    }

    [Fact]
    public void Of_a_revision_that_is_written_again_the_secrets_that_it_still_has_stay_verified_and_reported()
    {
        var (kept, erased) = (Sample.Stored(Minted(), Sample.Start), Sample.Stored(Minted(), Sample.Start));
        var (fingerprint, other) = (Minted().Fingerprint(), Minted().Fingerprint());
        using (var read = _held.Begin(Key))
        {
            var first = read.Complete(new State(1, kept, erased));
            Assert.True(first.Remember(fingerprint, kept).IsUseToReport(Sample.Start));
            first.Remember(other, erased);
        }

        var later = kept with { LastUsedAt = Sample.Start };
        using (var write = _held.Begin(Key)) write.Complete(new State(1, later));

        var held = _held.Find(Key)!;
        Assert.Same(later, held.Verified(fingerprint)!.Secret);
        Assert.False(held.Verified(fingerprint)!.IsUseToReport(Sample.Start));
        Assert.Null(held.Verified(other));
    }

    private static Secret Minted() => VirtualKeySecret.Mint(VirtualKeyId.New(Sample.Start), VirtualKeyEnvironment.Live);

    private long? Held() => _held.Find(Key)?.State!.Revision;

    private sealed record State(long Revision, params StoredSecret[] Secrets) : IRevised
    {
        public StoredSecret? FindSecret(string id) => Secrets.SingleOrDefault(secret => secret.Id == id);
    }

    private sealed class TestLease : ILease
    {
        public event Action? Lost;

        public long Epoch { get; set; }

        public void Lose() => Lost?.Invoke();
    }
}
