using KeysCluster.Grains.Leases;
using KeysCluster.Grains.Tests.TestSilo;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace KeysCluster.Grains.Tests.Leases;

public sealed class SiloLeaseTests : IDisposable
{
    private static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _clock = new(TestData.Start);
    private readonly TestLeaseStore _leaseStore;
    private readonly SiloLease _lease;
    private int _lostCount;

    public SiloLeaseTests()
    {
        _leaseStore = new TestLeaseStore(_clock);
        _lease = new SiloLease(
            _leaseStore,
            new TestSiloDetails(1),
            new LeaseOptions(LeaseDuration),
            _clock,
            NullLogger<SiloLease>.Instance);
        _lease.Lost += () => _lostCount++;
    }

    public void Dispose() => _lease.Dispose();

    [Fact]
    public async Task A_lease_is_not_valid_until_it_is_acquired()
    {
        Assert.Equal(0, _lease.Epoch);
        Assert.True(await RenewAsync());
        Assert.NotEqual(0, _lease.Epoch);
    }

    [Fact]
    public async Task A_lease_is_valid_for_95_percent_of_its_duration()
    {
        await RenewAsync();

        _clock.Advance(LeaseDuration * 0.95 - TestData.Millisecond);
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
    public async Task The_duration_of_a_lease_is_counted_from_before_the_request()
    {
        _leaseStore.BeforeResponse = () => _clock.Advance(LeaseDuration * 0.95);
        await RenewAsync();

        Assert.Equal(0, _lease.Epoch);
    }

    [Fact]
    public async Task An_expired_lease_is_replaced_by_one_with_a_new_epoch()
    {
        await RenewAsync();
        var epoch = _lease.Epoch;
        var id = _leaseStore.LeaseIds.Single();

        _clock.Advance(LeaseDuration * 0.96);
        Assert.True(await RenewAsync());

        Assert.Equal(1, _lostCount);
        Assert.NotEqual(epoch, _lease.Epoch);
        Assert.NotEqual(0, _lease.Epoch);
        Assert.NotEqual(id, _leaseStore.LeaseIds.Single());
    }

    [Fact]
    public async Task A_renewal_whose_response_arrives_after_the_expiry_is_ignored()
    {
        await RenewAsync();
        var epoch = _lease.Epoch;

        _clock.Advance(LeaseDuration / 2);
        _leaseStore.BeforeResponse = () =>
        {
            _leaseStore.BeforeResponse = null;
            _clock.Advance(LeaseDuration / 2);
        };
        await RenewAsync();

        Assert.Equal(1, _lostCount);
        Assert.NotEqual(epoch, _lease.Epoch);
    }

    [Fact]
    public async Task A_lease_that_cannot_be_renewed_clears_the_cache_before_it_is_released()
    {
        await RenewAsync();
        var id = _leaseStore.LeaseIds.Single();
        await _leaseStore.PreventRenewalAsync([id], CancellationToken.None);
        var wasStoredWhenLost = false;
        _lease.Lost += () => wasStoredWhenLost = _leaseStore.LeaseIds.Contains(id) && _lease.Epoch == 0;

        await RenewAsync();

        Assert.True(wasStoredWhenLost);
        Assert.DoesNotContain(id, _leaseStore.LeaseIds);
        Assert.NotEqual(0, _lease.Epoch);
    }

    [Fact]
    public async Task A_lease_survives_an_outage_until_it_expires_and_is_acquired_again_afterwards()
    {
        await RenewAsync();
        var epoch = _lease.Epoch;
        _leaseStore.Failure = new TimeoutException();

        _clock.Advance(LeaseDuration / 3);
        Assert.False(await RenewAsync());
        Assert.Equal((epoch, 0), (_lease.Epoch, _lostCount));

        _clock.Advance(LeaseDuration);
        Assert.False(await RenewAsync());
        Assert.False(await RenewAsync());
        Assert.Equal((0, 1), (_lease.Epoch, _lostCount));

        _leaseStore.Failure = null;
        Assert.True(await RenewAsync());
        Assert.NotEqual(0, _lease.Epoch);
        Assert.Single(_leaseStore.LeaseIds);
    }

    [Fact]
    public async Task A_clock_that_is_set_forward_expires_the_lease()
    {
        await RenewAsync();

        _clock.AdjustTime(_clock.GetUtcNow() + LeaseDuration);

        Assert.Equal(0, _lease.Epoch);
    }

    private Task<bool> RenewAsync() => _lease.RenewOrAcquireAsync(CancellationToken.None);
}
