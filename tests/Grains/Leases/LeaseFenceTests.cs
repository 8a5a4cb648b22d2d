using KeysCluster.Grains.Leases;
using KeysCluster.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace KeysCluster.Grains.Tests.Leases;

public sealed class LeaseFenceTests
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);
    private static readonly GrainId Key = GrainId.Create(GrainTypes.VirtualKey, "vk_1");

    private readonly FakeTimeProvider _clock = new(Sample.Start);
    private readonly TestSilo _self = new(1);
    private readonly TestSilo _other = new(2);
    private readonly TestLeaseTable _table;
    private readonly TestClient _silos = new();
    private readonly LeaseFence _fence;

    public LeaseFenceTests()
    {
        _table = new TestLeaseTable(_clock);
        _fence = new LeaseFence(_table, _silos, _self, _clock, NullLogger<LeaseFence>.Instance);
    }

    [Fact]
    public async Task Alone_nobody_is_asked()
    {
        await Hold(_self);

        await _fence.Settle(Key, 2);

        Assert.Empty(_silos.Asked);
    }

    [Fact]
    public async Task Who_holds_a_lease_is_asked_and_nobody_waits_once_it_has_answered()
    {
        await Hold(_self);
        var lease = await Hold(_other);

        await _fence.Settle(Key, 2);

        Assert.Equal([(_other.SiloAddress, Key, 2L)], _silos.Asked);
        Assert.False(_table.IsBroken(lease));
    }

    [Fact]
    public async Task Who_does_not_answer_loses_its_lease_and_is_waited_for_to_its_end()
    {
        var lease = await Hold(_other);
        _silos.Answers[_other.SiloAddress] = new TaskCompletionSource().Task;

        var settling = _fence.Settle(Key, 2);
        await Pass(Patience);
        Assert.True(_table.IsBroken(lease));
        await Pass(Length - Patience - Sample.Millisecond);
        Assert.False(settling.IsCompleted);

        await Pass(Sample.Millisecond);
        await settling.WaitAsync(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Who_cannot_be_reached_is_waited_for_as_well()
    {
        await Hold(_other);
        _silos.Answers[_other.SiloAddress] = Task.FromException(new SiloUnavailableException());

        var settling = _fence.Settle(Key, 2);
        await Pass(Length - Sample.Millisecond);
        Assert.False(settling.IsCompleted);

        await Pass(Sample.Millisecond);
        await settling.WaitAsync(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_late_answer_ends_the_waiting()
    {
        await Hold(_other);
        var answer = new TaskCompletionSource();
        _silos.Answers[_other.SiloAddress] = answer.Task;

        var settling = _fence.Settle(Key, 2);
        await Pass(Patience);
        answer.SetResult();
        await Pass(TimeSpan.FromMilliseconds(200));

        await settling.WaitAsync(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_silent_one_that_gives_its_lease_up_ends_the_waiting()
    {
        var lease = await Hold(_other);
        _silos.Answers[_other.SiloAddress] = new TaskCompletionSource().Task;

        var settling = _fence.Settle(Key, 2);
        await Pass(Patience);
        await _table.Release(lease, CancellationToken.None);
        await Hold(_other);
        await Pass(TimeSpan.FromMilliseconds(200));

        await settling.WaitAsync(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_lease_that_is_broken_already_is_waited_for_by_the_next_change_too()
    {
        var lease = await Hold(_other);
        await _table.Break([lease], CancellationToken.None);
        _silos.Answers[_other.SiloAddress] = new TaskCompletionSource().Task;

        var settling = _fence.Settle(Key, 2);
        await Pass(Length - Sample.Millisecond);
        Assert.False(settling.IsCompleted);

        await Pass(Sample.Millisecond);
        await settling.WaitAsync(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Without_the_table_nothing_is_settled()
    {
        await Hold(_other);
        _table.Failure = new TimeoutException();

        await Assert.ThrowsAsync<StorageUnavailableException>(() => _fence.Settle(Key, 2));
    }

    private async Task<Guid> Hold(TestSilo silo)
    {
        var id = Guid.NewGuid();
        await _table.Acquire(id, silo.SiloAddress, Length, CancellationToken.None);
        return id;
    }

    /// <summary>In small steps, so that what waits for one pause can begin the next.</summary>
    private async Task Pass(TimeSpan time)
    {
        var step = TimeSpan.FromMilliseconds(100);
        for (; time > TimeSpan.Zero; time -= step)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(2));
            _clock.Advance(time < step ? time : step);
        }

        await Task.Delay(TimeSpan.FromMilliseconds(2));
    }

    private sealed class TestClient : IInvalidationClient
    {
        public Dictionary<SiloAddress, Task> Answers { get; } = [];

        public List<(SiloAddress, GrainId, long)> Asked { get; } = [];

        public Task Invalidate(SiloAddress silo, GrainId owner, long revision)
        {
            Asked.Add((silo, owner, revision));
            return Answers.GetValueOrDefault(silo, Task.CompletedTask);
        }
    }
}
