using KeysCluster.Grains.Leases;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace KeysCluster.Grains.Tests.Leases;

public sealed class LeaseFenceTests
{
    private static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongLeaseDuration = TimeSpan.FromHours(1);

    /// <summary>The time after which a holder that has not acknowledged is treated as unresponsive.</summary>
    private static readonly TimeSpan AcknowledgeTimeout = TimeSpan.FromMilliseconds(500);

    /// <summary>The interval at which the leases of unresponsive holders are checked.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private static readonly Task NoResponse = new TaskCompletionSource().Task;
    private static readonly GrainId Key = GrainId.Create(GrainTypeNames.VirtualKey, "vk_1");
    private static readonly TestSiloDetails Self = new(1);
    private static readonly LeaseHolder SelfHolder = LeaseHolder.ForSilo(Self.SiloAddress);
    private static readonly TestSiloDetails Other = new(2);
    private static readonly LeaseHolder OtherHolder = LeaseHolder.ForSilo(Other.SiloAddress);
    private static readonly LeaseHolder ClientHolder = LeaseHolder.ForClient(GrainId.Create("sys.client", "a client"));

    private readonly TimerObservingClock _clock = new();
    private readonly TestMembership _membership = new();
    private readonly TestLeaseStore _leaseStore;
    private readonly TestInvalidationClient _client = new();
    private readonly LeaseFence _fence;

    public LeaseFenceTests()
    {
        _leaseStore = new TestLeaseStore(_clock);
        _fence = new LeaseFence(_leaseStore, _client, _membership, Self, _clock, NullLogger<LeaseFence>.Instance);
    }

    [Fact]
    public async Task A_single_silo_sends_no_invalidations()
    {
        await AcquireLeaseAsync(SelfHolder);

        await InvalidateAsync();

        Assert.Empty(_client.Requests);
    }

    [Fact]
    public async Task A_lease_holder_that_acknowledges_keeps_its_lease()
    {
        await AcquireLeaseAsync(SelfHolder);
        var lease = await AcquireLeaseAsync(OtherHolder);

        await InvalidateAsync();

        Assert.Equal([(OtherHolder, Key, 2)], _client.Requests);
        Assert.False(_leaseStore.IsRenewalPrevented(lease));
    }

    [Fact]
    public async Task An_active_silo_is_invalidated_once_and_before_the_leases_are_read()
    {
        _membership.ActiveSilos.AddRange([Self.SiloAddress, Other.SiloAddress]);
        await AcquireLeaseAsync(OtherHolder);
        List<(LeaseHolder, GrainId, long)>? requestsBeforeRead = null;
        _leaseStore.BeforeResponse = () => requestsBeforeRead ??= [.. _client.Requests];

        await InvalidateAsync();

        Assert.Equal([(OtherHolder, Key, 2)], requestsBeforeRead);
        Assert.Equal(requestsBeforeRead, _client.Requests);
    }

    [Fact]
    public async Task A_silo_without_a_lease_is_not_waited_for()
    {
        _membership.ActiveSilos.Add(Other.SiloAddress);
        await AcquireLeaseAsync(ClientHolder);
        _client.Responses[OtherHolder] = NoResponse;

        await InvalidateAsync();

        Assert.Equal(ClientHolder, _client.Requests[^1].Holder);
    }

    [Fact]
    public async Task An_unresponsive_active_silo_is_prevented_from_renewing_and_waited_for()
    {
        _membership.ActiveSilos.Add(Other.SiloAddress);
        var lease = await AcquireLeaseAsync(OtherHolder);
        _client.Responses[OtherHolder] = NoResponse;

        var elapsed = await _clock.AdvanceUntilAsync(InvalidateAsync());

        Assert.Equal(LeaseDuration, elapsed);
        Assert.True(_leaseStore.IsRenewalPrevented(lease));
    }

    [Fact]
    public async Task An_unresponsive_holder_is_prevented_from_renewing_and_waited_for_until_its_lease_expires()
    {
        var lease = await AcquireLeaseAsync(OtherHolder);
        _client.Responses[OtherHolder] = NoResponse;

        var invalidation = InvalidateAsync();
        Assert.Equal(AcknowledgeTimeout, await _clock.WaitForTimerAsync());
        _clock.Advance(AcknowledgeTimeout - TestData.Millisecond);
        Assert.False(_leaseStore.IsRenewalPrevented(lease));
        _clock.Advance(TestData.Millisecond);

        Assert.Equal(LeaseDuration - AcknowledgeTimeout, await _clock.AdvanceUntilAsync(invalidation));
        Assert.True(_leaseStore.IsRenewalPrevented(lease));
    }

    [Fact]
    public async Task An_unreachable_holder_is_waited_for_until_its_lease_expires()
    {
        await AcquireLeaseAsync(OtherHolder);
        _client.Responses[OtherHolder] = Task.FromException(new SiloUnavailableException());

        // The failed call needs no timeout. Its timer is the first one of the clock.
        var invalidation = InvalidateAsync();
        Assert.Equal(AcknowledgeTimeout, await _clock.WaitForTimerAsync());

        Assert.Equal(LeaseDuration, await _clock.AdvanceUntilAsync(invalidation));
    }

    [Fact]
    public async Task A_late_acknowledgement_ends_the_wait()
    {
        var lease = await AcquireLeaseAsync(OtherHolder, LongLeaseDuration);
        var response = new TaskCompletionSource();
        _client.Responses[OtherHolder] = response.Task;

        var invalidation = await InvalidateUntilWaitingForExpiryAsync(lease);
        response.SetResult();
        _clock.Advance(PollInterval);

        await invalidation;
    }

    [Fact]
    public async Task An_unresponsive_holder_that_releases_its_lease_ends_the_wait()
    {
        var lease = await AcquireLeaseAsync(OtherHolder, LongLeaseDuration);
        _client.Responses[OtherHolder] = NoResponse;

        var invalidation = await InvalidateUntilWaitingForExpiryAsync(lease);
        await _leaseStore.ReleaseAsync(lease, CancellationToken.None);
        await AcquireLeaseAsync(OtherHolder, LongLeaseDuration);
        _clock.Advance(PollInterval);

        await invalidation;
    }

    [Fact]
    public async Task A_lease_that_can_no_longer_be_renewed_is_waited_for_by_later_changes_too()
    {
        var lease = await AcquireLeaseAsync(OtherHolder);
        await _leaseStore.PreventRenewalAsync([lease], CancellationToken.None);
        _client.Responses[OtherHolder] = NoResponse;

        Assert.Equal(LeaseDuration, await _clock.AdvanceUntilAsync(InvalidateAsync()));
    }

    [Fact]
    public async Task An_invalidation_fails_while_the_lease_store_is_unavailable()
    {
        await AcquireLeaseAsync(OtherHolder);
        _leaseStore.Failure = new TimeoutException();

        await Assert.ThrowsAsync<StorageUnavailableException>(InvalidateAsync);
    }

    [Fact]
    public async Task A_client_is_invalidated_after_every_silo_has_acknowledged()
    {
        await AcquireLeaseAsync(ClientHolder);
        await AcquireLeaseAsync(OtherHolder);
        var response = new TaskCompletionSource();
        _client.Responses[OtherHolder] = response.Task;

        var invalidation = InvalidateAsync();
        await _clock.WaitForTimerAsync();
        Assert.DoesNotContain(_client.Requests, request => request.Holder == ClientHolder);
        response.SetResult();
        await invalidation;

        Assert.Equal(ClientHolder, _client.Requests[^1].Holder);
    }

    [Fact]
    public async Task A_client_that_acquires_a_lease_during_the_invalidation_of_silos_is_invalidated_too()
    {
        await AcquireLeaseAsync(OtherHolder);
        var response = new TaskCompletionSource();
        _client.Responses[OtherHolder] = response.Task;

        var invalidation = InvalidateAsync();
        await AcquireLeaseAsync(ClientHolder);
        response.SetResult();
        await invalidation;

        Assert.Equal(ClientHolder, _client.Requests[^1].Holder);
    }

    [Fact]
    public async Task An_unresponsive_client_is_prevented_from_renewing_and_waited_for_until_its_lease_expires()
    {
        var lease = await AcquireLeaseAsync(ClientHolder);
        _client.Responses[ClientHolder] = NoResponse;

        Assert.Equal(LeaseDuration, await _clock.AdvanceUntilAsync(InvalidateAsync()));
        Assert.True(_leaseStore.IsRenewalPrevented(lease));
    }

    [Fact]
    public async Task Notifying_reaches_active_silos_while_the_lease_store_is_unavailable()
    {
        _membership.ActiveSilos.AddRange([Self.SiloAddress, Other.SiloAddress]);
        _leaseStore.Failure = new TimeoutException();

        await NotifyAsync(revision: 2);

        Assert.Equal([(OtherHolder, Key, 2)], _client.Requests);
    }

    [Fact]
    public async Task Notifying_reaches_recent_clients_and_reads_the_lease_store_once_per_second()
    {
        await AcquireLeaseAsync(ClientHolder, LongLeaseDuration);
        await NotifyAsync(revision: 2);
        _leaseStore.Failure = new InvalidOperationException("The lease store was read again.");
        await NotifyAsync(revision: 3);
        _leaseStore.Failure = null;

        var second = LeaseHolder.ForClient(GrainId.Create("sys.client", "another client"));
        await AcquireLeaseAsync(second, LongLeaseDuration);
        _clock.Advance(TimeSpan.FromSeconds(1) - TestData.Millisecond);
        await NotifyAsync(revision: 4);
        _clock.Advance(TestData.Millisecond);
        await NotifyAsync(revision: 5);

        Assert.Equal(
            [
                (ClientHolder, Key, 2), (ClientHolder, Key, 3), (ClientHolder, Key, 4),
                (ClientHolder, Key, 5), (second, Key, 5),
            ],
            _client.Requests);
    }

    [Fact]
    public async Task Notifying_waits_at_most_100_ms_for_an_unresponsive_silo()
    {
        _membership.ActiveSilos.Add(Other.SiloAddress);
        _client.Responses[OtherHolder] = NoResponse;

        var elapsed = await _clock.AdvanceUntilAsync(NotifyAsync(revision: 2));

        Assert.Equal(TimeSpan.FromMilliseconds(100), elapsed);
    }

    private Task InvalidateAsync() => _fence.InvalidateAndWaitAsync(Key, 2).WaitAsync(Wait.Timeout);

    private Task NotifyAsync(long revision) => _fence.NotifyAsync(Key, revision).WaitAsync(Wait.Timeout);

    private async Task<Guid> AcquireLeaseAsync(LeaseHolder holder, TimeSpan? duration = null)
    {
        var id = Guid.NewGuid();
        await _leaseStore.AcquireAsync(id, holder, duration ?? LeaseDuration, CancellationToken.None);
        return id;
    }

    /// <summary>Starts an invalidation, and returns it when it waits for the lease to expire.</summary>
    private async Task<Task> InvalidateUntilWaitingForExpiryAsync(Guid lease)
    {
        var invalidation = InvalidateAsync();
        Assert.Equal(AcknowledgeTimeout, await _clock.WaitForTimerAsync());
        _clock.Advance(AcknowledgeTimeout);
        Assert.Equal(PollInterval, await _clock.WaitForTimerAsync());
        Assert.True(_leaseStore.IsRenewalPrevented(lease));
        Assert.False(invalidation.IsCompleted);
        return invalidation;
    }
}
