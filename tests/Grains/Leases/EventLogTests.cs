using KeysCluster.Grains.Leases;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Leases;
using Microsoft.Extensions.Time.Testing;

namespace KeysCluster.Grains.Tests.Leases;

public sealed class EventLogTests
{
    private static readonly GrainId Key = GrainId.Create(GrainTypeNames.VirtualKey, "vk_1");

    private readonly FakeTimeProvider _clock = new(TestData.Start);
    private readonly TestLeaseStore _store;
    private readonly EventLog _log;
    private LogPosition? _position;

    public EventLogTests()
    {
        _store = new TestLeaseStore(_clock);
        _log = new EventLog(_clock);
    }

    [Fact]
    public void A_silo_that_has_applied_nothing_serves_no_renewal() => Assert.Null(_log.Read(_store.Position));

    [Fact]
    public async Task A_client_gets_exactly_the_events_between_its_position_and_that_of_the_silo()
    {
        Reset();
        await AppendAsync(revision: 1);
        var client = _store.Position;
        await AppendAsync(revision: 2);
        await AppendAsync(revision: 3);
        _store.Append(Key, 4);

        var read = _log.Read(client)!.Value;

        Assert.Equal([2, 3], read.Events.Select(change => change.Revision));
        Assert.False(read.Position.Covers(_store.Position));
        Assert.Empty(_log.Read(read.Position)!.Value.Events);
    }

    [Fact]
    public async Task A_client_gets_a_transaction_that_it_saw_in_progress()
    {
        Reset();
        var slow = _store.Begin(Key, 2);
        await AppendAsync(revision: 1);
        var client = _store.Position;
        _store.Commit(slow);
        await AppendAsync(revision: 3);

        Assert.Equal([2, 3], _log.Read(client)!.Value.Events.Select(change => change.Revision));
    }

    [Fact]
    public async Task A_client_that_is_ahead_of_the_silo_keeps_its_position_and_gets_no_events()
    {
        Reset();
        await AppendAsync(revision: 1);
        _store.Append(Key, 2);
        var client = _store.Position;

        var read = _log.Read(client)!.Value;

        Assert.Equal(client, read.Position);
        Assert.Empty(read.Events);
    }

    [Fact]
    public async Task A_position_from_before_the_log_is_not_served()
    {
        var client = _store.Position;
        _store.Append(Key, 1);
        Reset();
        await AppendAsync(revision: 2);

        Assert.Null(_log.Read(client));
    }

    [Fact]
    public void A_position_of_another_timeline_is_not_served()
    {
        Reset();

        Assert.Null(_log.Read(_store.Position with { Timeline = "00000002" }));
    }

    [Fact]
    public async Task Events_are_served_for_longer_than_the_longest_lease_and_then_removed()
    {
        Reset();
        var client = _store.Position;
        await AppendAsync(revision: 1);

        _clock.Advance(LeaseOptions.MaxDuration);
        await AppendAsync(revision: 2);
        Assert.Equal([1, 2], _log.Read(client)!.Value.Events.Select(change => change.Revision));

        _clock.Advance(TimeSpan.FromMinutes(10));
        await AppendAsync(revision: 3);
        Assert.Null(_log.Read(client));
    }

    [Fact]
    public void A_silo_that_has_lost_its_lease_serves_no_renewal()
    {
        Reset();

        _log.Clear();

        Assert.Null(_log.Read(_store.Position));
    }

    private async Task AppendAsync(long revision)
    {
        _store.Append(Key, revision);
        var read = await _store.ReadLogAsync(_position, CancellationToken.None);
        _log.Append(read);
        _position = read.Position;
    }

    private void Reset()
    {
        _position = _store.Position;
        _log.Reset(_position);
    }
}
