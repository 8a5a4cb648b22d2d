using KeysCluster.Grains.Leases;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Leases;
using Microsoft.Extensions.Time.Testing;

namespace KeysCluster.Grains.Tests.Leases;

/// <summary>The leases that a silo renews for clients.</summary>
public sealed class ClientLeasesTests : IDisposable
{
    private static readonly LeaseOptions Options = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1));
    private static readonly GrainId Key = GrainId.Create(GrainTypeNames.VirtualKey, "vk_1");
    private static readonly LeaseHolder Holder = LeaseHolder.ForClient(GrainId.Create("sys.client", "a client"));

    private readonly TestLeaseStore _store;
    private readonly EventLog _log;
    private readonly TestLease _siloLease = new();
    private readonly ClientLeases _leases;

    public ClientLeasesTests()
    {
        var clock = new FakeTimeProvider(TestData.Start);
        _store = new TestLeaseStore(clock);
        _log = new EventLog(clock);
        _leases = new ClientLeases(_store, _siloLease, _log, Options, clock);
        _log.Reset(_store.Position);
    }

    public void Dispose() => _leases.Dispose();

    [Fact]
    public async Task A_renewal_returns_the_events_that_the_silo_has_applied_without_a_read_of_the_log()
    {
        var (id, granted) = await AcquireAsync();
        await ApplyToSiloAsync(2);
        var reads = _store.LogReadCount;

        var renewed = await _leases.RenewAsync(id, granted);

        Assert.Equal([(Key, 2)], renewed!.Events.Select(change => (change.Owner, change.Revision)));
        Assert.Equal((_store.Position, reads), (renewed.Position, _store.LogReadCount));
    }

    /// <summary>The response may get lost, and the client then answers from what the events name.</summary>
    [Fact]
    public async Task A_renewal_records_only_what_the_client_has_applied_already()
    {
        var (id, granted) = await AcquireAsync();
        await ApplyToSiloAsync(2);

        var renewed = await _leases.RenewAsync(id, granted);
        Assert.Equal(granted, (await GetLeaseAsync(id)).Applied);

        await _leases.RenewAsync(id, renewed!.Position);
        Assert.Equal(renewed.Position, (await GetLeaseAsync(id)).Applied);
    }

    [Fact]
    public async Task A_client_that_is_ahead_of_the_silo_keeps_its_position()
    {
        _store.Append(Key, 2);
        var (id, granted) = await AcquireAsync();

        var renewed = await _leases.RenewAsync(id, granted);

        Assert.Equal(granted, renewed!.Position);
        Assert.Empty(renewed.Events);
    }

    [Fact]
    public async Task A_client_whose_position_the_recent_log_does_not_cover_gets_the_events_from_the_database()
    {
        var (id, granted) = await AcquireAsync();
        _store.Append(Key, 2);
        _log.Reset(_store.Position);

        var renewed = await _leases.RenewAsync(id, granted);

        Assert.Equal([2], renewed!.Events.Select(change => change.Revision));
        Assert.Equal(_store.Position, renewed.Position);
    }

    /// <summary>Its own position does not advance, and the client would never learn of a change.</summary>
    [Fact]
    public async Task A_silo_without_a_lease_gives_clients_the_events_from_the_database()
    {
        var (id, granted) = await AcquireAsync();
        _log.Clear();
        _store.Append(Key, 2);

        var renewed = await _leases.RenewAsync(id, granted);

        Assert.Equal([2], renewed!.Events.Select(change => change.Revision));
        Assert.Equal(_store.Position, renewed.Position);
    }

    [Fact]
    public async Task A_lease_on_another_timeline_is_not_renewed()
    {
        var (id, granted) = await AcquireAsync();
        _store.Timeline = "00000002";
        Assert.Null(await _leases.RenewAsync(id, granted));

        _log.Reset(_store.Position);
        Assert.Null(await _leases.RenewAsync(id, granted));
        Assert.Equal(0, (await GetLeaseAsync(id)).Renewals);
    }

    [Fact]
    public async Task A_lease_that_has_expired_is_not_renewed()
    {
        var (id, granted) = await AcquireAsync();
        await _store.RemoveExpiredAsync(await GetLeaseAsync(id), CancellationToken.None);

        Assert.Null(await _leases.RenewAsync(id, granted));
    }

    [Fact]
    public async Task Renewals_that_arrive_while_a_statement_runs_share_the_next_one()
    {
        var clients = new List<(Guid Id, LogPosition Granted)>();
        for (var i = 0; i < 1000; i++) clients.Add(await AcquireAsync());
        var block = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _store.RenewalBlock = block.Task;
        var first = _leases.RenewAsync(clients[0].Id, clients[0].Granted);
        await Wait.UntilAsync(() => _store.RenewalCount == 1);

        var others = clients.Skip(1).Select(client => _leases.RenewAsync(client.Id, client.Granted)).ToList();
        block.SetResult();

        Assert.NotNull(await first);
        Assert.All(await Task.WhenAll(others).WaitAsync(Wait.Timeout), Assert.NotNull);
        Assert.Equal(2, _store.RenewalCount);
        Assert.All(await _store.GetAllAsync(CancellationToken.None), lease => Assert.Equal(1, lease.Renewals));
    }

    [Fact]
    public async Task A_failed_statement_fails_its_renewals_and_no_later_one()
    {
        var (id, granted) = await AcquireAsync();
        _store.RenewalFailure = new TimeoutException();
        await Assert.ThrowsAsync<TimeoutException>(() => _leases.RenewAsync(id, granted));

        _store.RenewalFailure = null;
        Assert.NotNull(await _leases.RenewAsync(id, granted));
    }

    [Fact]
    public async Task A_client_gets_no_lease_when_there_are_too_many()
    {
        _store.MaxLeases = 1;
        await AcquireAsync();

        Assert.Null(await _leases.AcquireAsync(Guid.NewGuid(), Holder));
    }

    [Fact]
    public async Task A_released_lease_is_removed()
    {
        var (id, granted) = await AcquireAsync();

        await _leases.ReleaseAsync(id);

        Assert.Empty(_store.LeaseIds);
        Assert.Null(await _leases.RenewAsync(id, granted));
    }

    private async Task<(Guid Id, LogPosition Granted)> AcquireAsync()
    {
        var id = Guid.NewGuid();
        var grant = await _leases.AcquireAsync(id, Holder);
        Assert.Equal((Options.Duration, _store.Position), (grant!.Duration, grant.Position));
        Assert.Empty(grant.Events);
        return (id, grant.Position);
    }

    private async Task ApplyToSiloAsync(long revision)
    {
        var before = _store.Position;
        _store.Append(Key, revision);
        _log.Append(await _store.ReadLogAsync(before, CancellationToken.None));
    }

    private async Task<Lease> GetLeaseAsync(Guid id) =>
        (await _store.GetAllAsync(CancellationToken.None)).Single(lease => lease.Id == id);
}
