using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Leases;
using KeysCluster.Validation.Clients;
using Microsoft.Extensions.Logging.Testing;

namespace KeysCluster.Grains.Tests.Leases;

/// <summary>A client compares its clock with that of the silo that grants its lease. One second is permitted.</summary>
public sealed class ClientLeaseClockTests : IClassFixture<ClientTestCluster>, IDisposable
{
    private const int InaccurateEvent = 103;

    private readonly ClientTestCluster _cluster;
    private readonly OffsetClock _clock;
    private readonly FakeLogger<ClientLease> _logger = new();
    private readonly ClientLease _lease;
    private readonly IReadOnlyCollection<Guid> _otherLeases;
    private int _lostCount;

    public ClientLeaseClockTests(ClientTestCluster cluster)
    {
        _cluster = cluster;
        _clock = new OffsetClock(cluster.Clock);
        _otherLeases = cluster.LeaseStore.LeaseIds;
        _lease = new ClientLease(cluster.Grains, new([]), _clock, _logger);
        _lease.Lost += () => _lostCount++;
    }

    private IEnumerable<Guid> LeaseIds => _cluster.LeaseStore.LeaseIds.Except(_otherLeases);

    private int WarningCount => _logger.Collector.GetSnapshot().Count(record => record.Id.Id == InaccurateEvent);

    public void Dispose() => _lease.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task A_client_whose_clock_differs_by_the_limit_gets_a_lease(double seconds)
    {
        _clock.Offset = TimeSpan.FromSeconds(seconds);

        Assert.True(await _lease.RenewOrAcquireAsync(CancellationToken.None));

        Assert.NotEqual(0, _lease.Epoch);
        Assert.Equal(0, WarningCount);
    }

    [Theory]
    [InlineData(1.001)]
    [InlineData(-1.001)]
    [InlineData(7200)]
    public async Task A_client_whose_clock_differs_by_more_gets_no_lease_and_leaves_none_behind(double seconds)
    {
        _clock.Offset = TimeSpan.FromSeconds(seconds);

        for (var i = 0; i < 3; i++) Assert.False(await _lease.RenewOrAcquireAsync(CancellationToken.None));

        Assert.Equal(0, _lease.Epoch);
        Assert.Empty(LeaseIds);
        Assert.Equal(1, WarningCount);
    }

    [Fact]
    public async Task A_client_whose_clock_is_set_ahead_gives_up_its_lease_until_the_clock_is_corrected()
    {
        Assert.True(await _lease.RenewOrAcquireAsync(CancellationToken.None));
        _clock.Offset = TimeSpan.FromSeconds(1.001);

        Assert.False(await _lease.RenewOrAcquireAsync(CancellationToken.None));
        Assert.Equal((0, 1), (_lease.Epoch, _lostCount));
        Assert.Empty(LeaseIds);

        _clock.Offset = TimeSpan.Zero;
        Assert.True(await _lease.RenewOrAcquireAsync(CancellationToken.None));
        Assert.NotEqual(0, _lease.Epoch);
        Assert.Single(LeaseIds);
    }

    [Fact]
    public async Task The_round_trip_to_the_silo_is_not_a_clock_offset()
    {
        var response = _cluster.Calls.To(nameof(IClientLeaseGrain.Acquire)).BlockNextResponse();
        var acquiring = _lease.RenewOrAcquireAsync(CancellationToken.None);
        await response.Arrived;
        _cluster.Clock.Advance(TimeSpan.FromSeconds(5));
        response.Open();

        Assert.True(await acquiring);
    }
}
