using System.Diagnostics.Metrics;
using KeysCluster.Grains.Leases;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Validation.Caching;
using KeysCluster.Validation.Telemetry;
using KeysCluster.Validation.Time;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace KeysCluster.Grains.Tests.Leases;

public sealed class SiloLeaseTests : IDisposable
{
    private static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(10);
    private static readonly LeaseOptions Options = new(LeaseDuration, MaxClockOffset: TimeSpan.FromSeconds(1));
    private static readonly GrainId Key = GrainId.Create(GrainTypeNames.VirtualKey, "vk_1");

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MachineClock _clock = new();
    private readonly SteadyTimeProvider _time;
    private readonly TestLeaseStore _store;
    private readonly EventLog _log;
    private readonly DatabaseClock _databaseClock;
    private readonly LeasedCache<CacheEntry> _cache;
    private readonly SiloLease _lease;
    private int _lostCount;

    public SiloLeaseTests()
    {
        _time = new SteadyTimeProvider(_clock);
        _store = new TestLeaseStore(_clock);
        _log = new EventLog(_clock);
        _databaseClock = new DatabaseClock(
            Options, _time, _services.GetRequiredService<IMeterFactory>(), NullLogger<DatabaseClock>.Instance);
        IReadOnlyList<ILeasedCache> caches = [];
        _lease = new SiloLease(
            _store,
            new TestSiloDetails(1),
            new Lazy<IReadOnlyList<ILeasedCache>>(() => caches),
            _log,
            new LeaseTable(_store, _clock),
            _databaseClock,
            Options,
            _time,
            NullLogger<SiloLease>.Instance);
        _cache = new LeasedCache<CacheEntry>(GrainTypeNames.VirtualKey, 1 << 20, _lease, _time);
        caches = [_cache];
        _lease.Lost += () => _lostCount++;
    }

    public void Dispose()
    {
        _lease.Dispose();
        _time.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task A_lease_is_not_valid_until_it_is_acquired()
    {
        Assert.Equal(0, _lease.Epoch);
        Assert.True(await RenewAsync());
        Assert.NotEqual(0, _lease.Epoch);
    }

    [Fact]
    public async Task A_lease_is_valid_for_80_percent_of_its_duration()
    {
        await RenewAsync();

        _clock.Advance(LeaseDuration * 0.8 - TestData.Millisecond);
        Assert.NotEqual(0, _lease.Epoch);
        _clock.Advance(TestData.Millisecond);
        Assert.Equal(0, _lease.Epoch);
    }

    [Fact]
    public async Task A_lease_renewed_in_time_keeps_its_epoch()
    {
        await RenewAsync();
        var epoch = _lease.Epoch;

        for (var i = 0; i < 10; i++)
        {
            _clock.Advance(LeaseDuration / 3);
            Assert.True(await RenewAsync());
        }

        Assert.Equal((epoch, 0), (_lease.Epoch, _lostCount));
    }

    [Fact]
    public async Task The_state_of_the_lease_is_published()
    {
        LeaseMetrics.Observe(_services.GetRequiredService<IMeterFactory>(), _lease);
        Assert.Equal((0, 0), (ReadMetric("keys.lease.valid"), ReadMetric("keys.leases.lost")));
        Assert.Null(_lease.Age);

        await RenewAsync();
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((1, 0), (ReadMetric("keys.lease.valid"), ReadMetric("keys.leases.lost")));
        Assert.Equal(TimeSpan.FromSeconds(1), _lease.Age);

        _clock.Advance(LeaseDuration);
        Assert.Equal(0, ReadMetric("keys.lease.valid"));
        await RenewAsync();
        Assert.Equal((1, 1), (ReadMetric("keys.lease.valid"), ReadMetric("keys.leases.lost")));
    }

    [Fact]
    public async Task A_renewal_removes_what_the_event_log_names_and_keeps_the_rest()
    {
        await RenewAsync();
        Fill("vk_1", revision: 1);
        Fill("vk_2", revision: 1);
        _store.Append(Key, 2);

        Assert.True(await RenewAsync());

        Assert.Null(_cache.Find("vk_1"));
        Assert.NotNull(_cache.Find("vk_2"));
        Assert.Equal(_store.Position, _lease.Position);
        Assert.Equal(_store.Position, (await GetLeaseAsync()).Applied);
    }

    [Fact]
    public async Task A_transaction_that_commits_after_later_ones_is_applied()
    {
        await RenewAsync();
        Fill("vk_1", revision: 1);
        var slow = _store.Begin(Key, 2);
        _store.Append(GrainId.Create(GrainTypeNames.VirtualKey, "vk_2"), 2);
        await RenewAsync();
        Assert.NotNull(_cache.Find("vk_1"));

        _store.Commit(slow);
        await RenewAsync();

        Assert.Null(_cache.Find("vk_1"));
    }

    [Fact]
    public async Task A_renewal_that_no_standby_confirms_applies_the_log_and_does_not_extend_the_lease()
    {
        await RenewAsync();
        Fill("vk_1", revision: 1);
        _store.Append(Key, 2);
        _store.RenewalFailure = new TimeoutException();

        _clock.Advance(LeaseDuration / 3);
        Assert.False(await RenewAsync());

        Assert.Null(_cache.Find("vk_1"));
        _clock.Advance(LeaseDuration * 0.8 - LeaseDuration / 3);
        Assert.Equal(0, _lease.Epoch);
    }

    [Fact]
    public async Task The_duration_of_a_lease_is_counted_from_before_the_request()
    {
        _store.BeforeResponse = () => _clock.Advance(LeaseDuration * 0.4);
        await RenewAsync();

        Assert.Equal(0, _lease.Epoch);
    }

    [Fact]
    public async Task An_expired_lease_is_replaced_by_one_with_a_new_epoch()
    {
        await RenewAsync();
        var epoch = _lease.Epoch;
        var id = _store.LeaseIds.Single();

        _clock.Advance(LeaseDuration * 0.81);
        Assert.True(await RenewAsync());

        Assert.Equal(1, _lostCount);
        Assert.NotEqual(epoch, _lease.Epoch);
        Assert.NotEqual(0, _lease.Epoch);
        Assert.NotEqual(id, _store.LeaseIds.Single());
    }

    [Fact]
    public async Task A_renewal_whose_response_arrives_after_the_expiry_is_ignored()
    {
        await RenewAsync();
        var epoch = _lease.Epoch;

        _clock.Advance(LeaseDuration / 2);
        _store.BeforeResponse = () =>
        {
            _store.BeforeResponse = null;
            _clock.Advance(LeaseDuration / 2);
        };
        await RenewAsync();

        Assert.Equal(1, _lostCount);
        Assert.NotEqual(epoch, _lease.Epoch);
    }

    [Fact]
    public async Task A_lease_that_another_process_has_removed_clears_the_cache_and_is_replaced()
    {
        await RenewAsync();
        Fill("vk_1", revision: 1);
        await _store.RemoveExpiredAsync(await GetLeaseAsync(), CancellationToken.None);

        Assert.True(await RenewAsync());

        Assert.Equal(1, _lostCount);
        Assert.Null(_cache.Find("vk_1"));
        Assert.NotEqual(0, _lease.Epoch);
    }

    [Fact]
    public async Task A_failover_clears_the_cache()
    {
        await RenewAsync();
        Fill("vk_1", revision: 1);

        _store.Timeline = "00000002";
        Assert.True(await RenewAsync());

        Assert.Null(_cache.Find("vk_1"));
        Assert.Equal(1, _lostCount);
        Assert.Equal("00000002", _lease.Position!.Timeline);
    }

    [Theory]
    [InlineData(1.001)]
    [InlineData(-1.001)]
    [InlineData(7200)]
    public async Task A_silo_whose_clock_is_off_by_more_than_the_limit_gives_up_its_lease(double seconds)
    {
        await RenewAsync();

        _store.ClockOffset = TimeSpan.FromSeconds(seconds);
        Assert.False(await RenewAsync());

        Assert.Equal(0, _lease.Epoch);
        Assert.Empty(_store.LeaseIds);
        Assert.False(_databaseClock.IsAccurate);

        _store.ClockOffset = TimeSpan.FromSeconds(0.999);
        Assert.True(await RenewAsync());
        Assert.NotEqual(0, _lease.Epoch);
    }

    [Fact]
    public async Task A_silo_serves_the_event_log_to_clients_only_while_it_has_a_lease()
    {
        await RenewAsync();
        var client = _store.Position;
        _store.Append(Key, 2);
        await RenewAsync();
        Assert.Equal([2], _log.Read(client)!.Value.Events.Select(change => change.Revision));

        _store.ClockOffset = TimeSpan.FromHours(2);
        await RenewAsync();

        Assert.Null(_log.Read(client));
    }

    [Fact]
    public async Task The_round_trip_is_not_a_clock_offset()
    {
        _store.BeforeResponse = () => _clock.Advance(TimeSpan.FromSeconds(2));

        Assert.True(await RenewAsync());

        Assert.True(_databaseClock.IsAccurate);
    }

    [Fact]
    public async Task A_lease_survives_an_outage_until_it_expires_and_is_acquired_again_afterwards()
    {
        await RenewAsync();
        var epoch = _lease.Epoch;
        _store.Failure = new TimeoutException();

        _clock.Advance(LeaseDuration / 3);
        Assert.False(await RenewAsync());
        Assert.Equal((epoch, 0), (_lease.Epoch, _lostCount));

        _clock.Advance(LeaseDuration);
        Assert.False(await RenewAsync());
        Assert.False(await RenewAsync());
        Assert.Equal((0, 1), (_lease.Epoch, _lostCount));

        _store.Failure = null;
        Assert.True(await RenewAsync());
        Assert.NotEqual(0, _lease.Epoch);
        Assert.Single(_store.LeaseIds);
    }

    [Fact]
    public async Task A_lease_expires_while_the_machine_is_suspended()
    {
        await RenewAsync();

        // The timestamp continues, and no timer is due before the process does.
        _clock.AdjustTime(_clock.GetUtcNow() + LeaseDuration);

        Assert.Equal(0, _lease.Epoch);
    }

    [Theory]
    [InlineData(-3600)]
    [InlineData(3600)]
    public async Task A_step_of_the_wall_clock_costs_no_lease(int seconds)
    {
        await RenewAsync();
        var epoch = _lease.Epoch;

        _clock.Step = TimeSpan.FromSeconds(seconds);

        Assert.Equal(epoch, _lease.Epoch);
    }

    /// <summary>Until the clocks are compared, the silo would consider valid secrets expired.</summary>
    [Fact]
    public async Task A_step_that_the_clock_of_deadlines_follows_ends_the_lease_until_the_database_confirms_it()
    {
        await RenewAsync();

        // The wall clock is wrong. The clock of deadlines follows it when it has been ahead for long enough.
        _clock.Step = TimeSpan.FromHours(2);
        _store.ClockOffset = -_clock.Step;
        while (_time.UnconfirmedSteps == 0)
        {
            Assert.True(await RenewAsync());
            Assert.NotEqual(0, _lease.Epoch);
            _clock.Advance(LeaseDuration / 3);
        }

        Assert.Equal(0, _lease.Epoch);
        Assert.False(await RenewAsync());
        Assert.Equal(0, _lease.Epoch);
    }

    [Fact]
    public async Task A_step_with_which_the_database_agrees_costs_no_lease()
    {
        await RenewAsync();
        var epoch = _lease.Epoch;

        _clock.Step = TimeSpan.FromHours(2);
        Assert.True(await RenewAsync());

        Assert.Equal((epoch, _clock.GetUtcNow()), (_lease.Epoch, _time.GetUtcNow()));
    }

    private void Fill(string owner, long revision)
    {
        using var fill = _cache.BeginFill(owner);
        fill.Commit(new CacheEntry(fill.Epoch, revision));
    }

    private async Task<Lease> GetLeaseAsync() => (await _store.GetAllAsync(CancellationToken.None)).Single();

    private Task<bool> RenewAsync() => _lease.RenewOrAcquireAsync(CancellationToken.None);

    private long ReadMetric(string name) => GaugeReader.Read(_services.GetRequiredService<IMeterFactory>(), name);
}
