using KeysCluster.Grains.Leases;
using KeysCluster.Grains.Tests.Cluster;
using KeysCluster.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace KeysCluster.Grains.Tests.Leases;

public sealed class LeaseFenceTests
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);
    private static readonly GrainId Key = GrainId.Create(GrainTypes.VirtualKey, "vk_1");

    private readonly FakeTimeProvider _clock = new(Sample.Start);
    private readonly TestSilo _self = new(1);
    private readonly TestSilo _other = new(2);
    private readonly LeaseHolder _client = LeaseHolder.Of(GrainId.Create("sys.client", "a client"));
    private readonly TestMembership _membership = new();
    private readonly TestLeaseTable _table;
    private readonly TestHolders _holders = new();
    private readonly LeaseFence _fence;

    public LeaseFenceTests()
    {
        _table = new TestLeaseTable(_clock);
        _fence = new LeaseFence(_table, _holders, _membership, _self, _clock, NullLogger<LeaseFence>.Instance);
    }

    [Fact]
    public async Task Alone_nobody_is_asked()
    {
        await Hold(_self);

        await _fence.Settle(Key, 2);

        Assert.Empty(_holders.Asked);
    }

    [Fact]
    public async Task Who_holds_a_lease_is_asked_and_nobody_waits_once_it_has_answered()
    {
        await Hold(_self);
        var lease = await Hold(_other);

        await _fence.Settle(Key, 2);

        Assert.Equal([(LeaseHolder.Of(_other.SiloAddress), Key, 2L)], _holders.Asked);
        Assert.False(_table.IsBroken(lease));
    }

    [Fact]
    public async Task A_silo_that_is_known_to_be_there_is_told_before_the_leases_are_read_and_once()
    {
        _membership.Active.AddRange([_self.SiloAddress, _other.SiloAddress]);
        await Hold(_other);
        List<(LeaseHolder, GrainId, long)>? askedBefore = null;
        _table.BeforeAnswer = () => askedBefore ??= [.. _holders.Asked];

        await _fence.Settle(Key, 2);

        Assert.Equal([(LeaseHolder.Of(_other.SiloAddress), Key, 2L)], askedBefore);
        Assert.Equal(askedBefore, _holders.Asked);
    }

    [Fact]
    public async Task Who_holds_no_lease_is_not_waited_for()
    {
        _membership.Active.Add(_other.SiloAddress);
        await Hold(_client);
        _holders.Answers[LeaseHolder.Of(_other.SiloAddress)] = new TaskCompletionSource().Task;

        await _fence.Settle(Key, 2);

        Assert.Equal(_client, _holders.Asked[^1].Item1);
    }

    [Fact]
    public async Task Who_is_known_to_be_there_and_does_not_answer_is_waited_for_as_well()
    {
        _membership.Active.Add(_other.SiloAddress);
        var lease = await Hold(_other);
        _holders.Answers[LeaseHolder.Of(_other.SiloAddress)] = new TaskCompletionSource().Task;

        Assert.True(await Passed(_fence.Settle(Key, 2)) >= Length);
        Assert.True(_table.IsBroken(lease));
    }

    [Fact]
    public async Task Who_does_not_answer_loses_its_lease_and_is_waited_for_to_its_end()
    {
        var lease = await Hold(_other);
        _holders.Answers[LeaseHolder.Of(_other.SiloAddress)] = new TaskCompletionSource().Task;

        var settling = _fence.Settle(Key, 2);

        Assert.True(await Passed(settling) >= Length);
        Assert.True(_table.IsBroken(lease));
    }

    [Fact]
    public async Task Who_cannot_be_reached_is_waited_for_as_well()
    {
        await Hold(_other);
        _holders.Answers[LeaseHolder.Of(_other.SiloAddress)] = Task.FromException(new SiloUnavailableException());

        Assert.True(await Passed(_fence.Settle(Key, 2)) >= Length);
    }

    [Fact]
    public async Task A_late_answer_ends_the_waiting()
    {
        var lease = await Hold(_other, Long);
        var answer = new TaskCompletionSource();
        _holders.Answers[LeaseHolder.Of(_other.SiloAddress)] = answer.Task;

        var settling = _fence.Settle(Key, 2);
        await Passed(() => _table.IsBroken(lease));
        answer.SetResult();

        Assert.True(await Passed(settling) < Long);
    }

    [Fact]
    public async Task A_silent_one_that_gives_its_lease_up_ends_the_waiting()
    {
        var lease = await Hold(_other, Long);
        _holders.Answers[LeaseHolder.Of(_other.SiloAddress)] = new TaskCompletionSource().Task;

        var settling = _fence.Settle(Key, 2);
        await Passed(() => _table.IsBroken(lease));
        await _table.Release(lease, CancellationToken.None);
        await Hold(_other, Long);

        Assert.True(await Passed(settling) < Long);
    }

    [Fact]
    public async Task A_lease_that_is_broken_already_is_waited_for_by_the_next_change_too()
    {
        var lease = await Hold(_other);
        await _table.Break([lease], CancellationToken.None);
        _holders.Answers[LeaseHolder.Of(_other.SiloAddress)] = new TaskCompletionSource().Task;

        Assert.True(await Passed(_fence.Settle(Key, 2)) >= Length);
    }

    [Fact]
    public async Task Without_the_table_nothing_is_settled()
    {
        await Hold(_other);
        _table.Failure = new TimeoutException();

        await Assert.ThrowsAsync<StorageUnavailableException>(() => _fence.Settle(Key, 2));
    }

    [Fact]
    public async Task A_client_is_told_when_every_silo_has_forgotten()
    {
        await Hold(_client);
        await Hold(_other);
        var answer = new TaskCompletionSource();
        _holders.Answers[LeaseHolder.Of(_other.SiloAddress)] = answer.Task;

        var settling = _fence.Settle(Key, 2);
        Assert.DoesNotContain(_holders.Asked, asked => asked.Item1 == _client);
        answer.SetResult();
        await Passed(settling);

        Assert.Equal(_client, _holders.Asked[^1].Item1);
    }

    [Fact]
    public async Task A_client_that_got_its_lease_while_silos_were_asked_is_told_too()
    {
        await Hold(_other);
        var answer = new TaskCompletionSource();
        _holders.Answers[LeaseHolder.Of(_other.SiloAddress)] = answer.Task;

        var settling = _fence.Settle(Key, 2);
        await Hold(_client);
        answer.SetResult();
        await Passed(settling);

        Assert.Equal(_client, _holders.Asked[^1].Item1);
    }

    [Fact]
    public async Task A_client_that_does_not_answer_loses_its_lease_and_is_waited_for_to_its_end()
    {
        var lease = await Hold(_client);
        _holders.Answers[_client] = new TaskCompletionSource().Task;

        Assert.True(await Passed(_fence.Settle(Key, 2)) >= Length);
        Assert.True(_table.IsBroken(lease));
    }

    [Fact]
    public async Task Telling_asks_the_silos_that_are_known_to_be_there_without_the_table_too()
    {
        _membership.Active.AddRange([_self.SiloAddress, _other.SiloAddress]);
        _table.Failure = new TimeoutException();

        await _fence.Tell(Key, 2);

        Assert.Equal([(LeaseHolder.Of(_other.SiloAddress), Key, 2L)], _holders.Asked);
    }

    [Fact]
    public async Task Telling_asks_the_clients_of_a_moment_ago_and_reads_the_table_once_a_second()
    {
        await Hold(_client, Long);
        await _fence.Tell(Key, 2);
        _table.Failure = new InvalidOperationException("Read again.");
        await _fence.Tell(Key, 3);
        _table.Failure = null;

        var second = LeaseHolder.Of(GrainId.Create("sys.client", "another client"));
        await Hold(second, Long);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await _fence.Tell(Key, 4);

        Assert.Equal([(_client, Key, 2L), (_client, Key, 3L), (_client, Key, 4L), (second, Key, 4L)], _holders.Asked);
    }

    [Fact]
    public async Task Telling_waits_for_a_silent_silo_a_tenth_of_a_second()
    {
        _membership.Active.Add(_other.SiloAddress);
        _holders.Answers[LeaseHolder.Of(_other.SiloAddress)] = new TaskCompletionSource().Task;

        Assert.InRange(await Passed(_fence.Tell(Key, 2)), TimeSpan.FromMilliseconds(100), Length);
    }

    private Task<Guid> Hold(TestSilo silo, TimeSpan? length = null) => Hold(LeaseHolder.Of(silo.SiloAddress), length);

    private async Task<Guid> Hold(LeaseHolder holder, TimeSpan? length = null)
    {
        var id = Guid.NewGuid();
        await _table.Acquire(id, holder, length ?? Length, CancellationToken.None);
        return id;
    }

    private Task<TimeSpan> Passed(Task work) => Passed(() => work.IsCompleted);

    /// <summary>How much time passed, in small steps, until something is so.</summary>
    private async Task<TimeSpan> Passed(Func<bool> isSo)
    {
        using var patience = new CancellationTokenSource(KeysTestCluster.Patience);
        while (!isSo())
        {
            _clock.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Delay(1, patience.Token);
        }

        return _clock.GetUtcNow() - Sample.Start;
    }

    private sealed class TestHolders : IInvalidationClient
    {
        public Dictionary<LeaseHolder, Task> Answers { get; } = [];

        public List<(LeaseHolder, GrainId, long)> Asked { get; } = [];

        public Task Invalidate(LeaseHolder holder, GrainId owner, long revision)
        {
            Asked.Add((holder, owner, revision));
            return Answers.GetValueOrDefault(holder, Task.CompletedTask);
        }
    }

    private sealed class TestMembership : ISiloStatusOracle
    {
        public List<SiloAddress> Active { get; } = [];

        public SiloStatus CurrentStatus => SiloStatus.Active;

        public string SiloName => "silo 1";

        public SiloAddress SiloAddress => throw new NotSupportedException();

        public Dictionary<SiloAddress, SiloStatus> GetApproximateSiloStatuses(bool onlyActive = false) =>
            Active.ToDictionary(silo => silo, _ => SiloStatus.Active);

        public SiloStatus GetApproximateSiloStatus(SiloAddress siloAddress) => throw new NotSupportedException();

        public SiloAddress[] GetActiveSilos() => throw new NotSupportedException();

        public bool TryGetSiloName(SiloAddress siloAddress, out string siloName) => throw new NotSupportedException();

        public bool IsFunctionalDirectory(SiloAddress siloAddress) => throw new NotSupportedException();

        public bool IsDeadSilo(SiloAddress silo) => throw new NotSupportedException();

        public bool SubscribeToSiloStatusEvents(ISiloStatusListener observer) => throw new NotSupportedException();

        public bool UnSubscribeFromSiloStatusEvents(ISiloStatusListener observer) => throw new NotSupportedException();
    }
}
