using KeysCluster.Grains.Leases;
using KeysCluster.Grains.Tests.Cluster;
using KeysCluster.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace KeysCluster.Grains.Tests.Leases;

public sealed class LeaseFenceTests
{
    private static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongLeaseDuration = TimeSpan.FromHours(1);
    private static readonly GrainId Key = GrainId.Create(GrainTypeNames.VirtualKey, "vk_1");

    private readonly FakeTimeProvider _clock = new(TestData.Start);
    private readonly TestSiloDetails _self = new(1);
    private readonly TestSiloDetails _other = new(2);
    private readonly LeaseHolder _client = LeaseHolder.ForClient(GrainId.Create("sys.client", "a client"));
    private readonly TestMembership _membership = new();
    private readonly TestLeaseStore _leaseStore;
    private readonly TestInvalidationClient _invalidationClient = new();
    private readonly LeaseFence _fence;

    public LeaseFenceTests()
    {
        _leaseStore = new TestLeaseStore(_clock);
        _fence = new LeaseFence(_leaseStore, _invalidationClient, _membership, _self, _clock, NullLogger<LeaseFence>.Instance);
    }

    [Fact]
    public async Task A_single_silo_sends_no_invalidations()
    {
        await AcquireLeaseAsync(_self);

        await _fence.InvalidateAndWaitAsync(Key, 2);

        Assert.Empty(_invalidationClient.Requests);
    }

    [Fact]
    public async Task A_lease_holder_that_acknowledges_keeps_its_lease()
    {
        await AcquireLeaseAsync(_self);
        var lease = await AcquireLeaseAsync(_other);

        await _fence.InvalidateAndWaitAsync(Key, 2);

        Assert.Equal([(LeaseHolder.ForSilo(_other.SiloAddress), Key, 2L)], _invalidationClient.Requests);
        Assert.False(_leaseStore.IsRenewalPrevented(lease));
    }

    [Fact]
    public async Task An_active_silo_is_invalidated_once_and_before_the_leases_are_read()
    {
        _membership.ActiveSilos.AddRange([_self.SiloAddress, _other.SiloAddress]);
        await AcquireLeaseAsync(_other);
        List<(LeaseHolder, GrainId, long)>? askedBefore = null;
        _leaseStore.BeforeResponse = () => askedBefore ??= [.. _invalidationClient.Requests];

        await _fence.InvalidateAndWaitAsync(Key, 2);

        Assert.Equal([(LeaseHolder.ForSilo(_other.SiloAddress), Key, 2L)], askedBefore);
        Assert.Equal(askedBefore, _invalidationClient.Requests);
    }

    [Fact]
    public async Task A_silo_without_a_lease_is_not_waited_for()
    {
        _membership.ActiveSilos.Add(_other.SiloAddress);
        await AcquireLeaseAsync(_client);
        _invalidationClient.Responses[LeaseHolder.ForSilo(_other.SiloAddress)] = new TaskCompletionSource().Task;

        await _fence.InvalidateAndWaitAsync(Key, 2);

        Assert.Equal(_client, _invalidationClient.Requests[^1].Item1);
    }

    [Fact]
    public async Task An_unresponsive_active_silo_is_prevented_from_renewing_and_waited_for()
    {
        _membership.ActiveSilos.Add(_other.SiloAddress);
        var lease = await AcquireLeaseAsync(_other);
        _invalidationClient.Responses[LeaseHolder.ForSilo(_other.SiloAddress)] = new TaskCompletionSource().Task;

        Assert.True(await AdvanceClockUntilAsync(_fence.InvalidateAndWaitAsync(Key, 2)) >= LeaseDuration);
        Assert.True(_leaseStore.IsRenewalPrevented(lease));
    }

    [Fact]
    public async Task An_unresponsive_holder_is_prevented_from_renewing_and_waited_for_until_its_lease_expires()
    {
        var lease = await AcquireLeaseAsync(_other);
        _invalidationClient.Responses[LeaseHolder.ForSilo(_other.SiloAddress)] = new TaskCompletionSource().Task;

        var settling = _fence.InvalidateAndWaitAsync(Key, 2);

        Assert.True(await AdvanceClockUntilAsync(settling) >= LeaseDuration);
        Assert.True(_leaseStore.IsRenewalPrevented(lease));
    }

    [Fact]
    public async Task An_unreachable_holder_is_waited_for_until_its_lease_expires()
    {
        await AcquireLeaseAsync(_other);
        _invalidationClient.Responses[LeaseHolder.ForSilo(_other.SiloAddress)] = Task.FromException(new SiloUnavailableException());

        Assert.True(await AdvanceClockUntilAsync(_fence.InvalidateAndWaitAsync(Key, 2)) >= LeaseDuration);
    }

    [Fact]
    public async Task A_late_acknowledgement_ends_the_wait()
    {
        var lease = await AcquireLeaseAsync(_other, LongLeaseDuration);
        var answer = new TaskCompletionSource();
        _invalidationClient.Responses[LeaseHolder.ForSilo(_other.SiloAddress)] = answer.Task;

        var settling = _fence.InvalidateAndWaitAsync(Key, 2);
        await AdvanceClockUntilAsync(() => _leaseStore.IsRenewalPrevented(lease));
        answer.SetResult();

        Assert.True(await AdvanceClockUntilAsync(settling) < LongLeaseDuration);
    }

    [Fact]
    public async Task An_unresponsive_holder_that_releases_its_lease_ends_the_wait()
    {
        var lease = await AcquireLeaseAsync(_other, LongLeaseDuration);
        _invalidationClient.Responses[LeaseHolder.ForSilo(_other.SiloAddress)] = new TaskCompletionSource().Task;

        var settling = _fence.InvalidateAndWaitAsync(Key, 2);
        await AdvanceClockUntilAsync(() => _leaseStore.IsRenewalPrevented(lease));
        await _leaseStore.ReleaseAsync(lease, CancellationToken.None);
        await AcquireLeaseAsync(_other, LongLeaseDuration);

        Assert.True(await AdvanceClockUntilAsync(settling) < LongLeaseDuration);
    }

    [Fact]
    public async Task A_lease_that_can_no_longer_be_renewed_is_waited_for_by_later_changes_too()
    {
        var lease = await AcquireLeaseAsync(_other);
        await _leaseStore.PreventRenewalAsync([lease], CancellationToken.None);
        _invalidationClient.Responses[LeaseHolder.ForSilo(_other.SiloAddress)] = new TaskCompletionSource().Task;

        Assert.True(await AdvanceClockUntilAsync(_fence.InvalidateAndWaitAsync(Key, 2)) >= LeaseDuration);
    }

    [Fact]
    public async Task An_invalidation_fails_while_the_lease_store_is_unavailable()
    {
        await AcquireLeaseAsync(_other);
        _leaseStore.Failure = new TimeoutException();

        await Assert.ThrowsAsync<StorageUnavailableException>(() => _fence.InvalidateAndWaitAsync(Key, 2));
    }

    [Fact]
    public async Task A_client_is_invalidated_after_every_silo_has_acknowledged()
    {
        await AcquireLeaseAsync(_client);
        await AcquireLeaseAsync(_other);
        var answer = new TaskCompletionSource();
        _invalidationClient.Responses[LeaseHolder.ForSilo(_other.SiloAddress)] = answer.Task;

        var settling = _fence.InvalidateAndWaitAsync(Key, 2);
        Assert.DoesNotContain(_invalidationClient.Requests, asked => asked.Item1 == _client);
        answer.SetResult();
        await AdvanceClockUntilAsync(settling);

        Assert.Equal(_client, _invalidationClient.Requests[^1].Item1);
    }

    [Fact]
    public async Task A_client_that_acquires_a_lease_during_the_invalidation_of_silos_is_invalidated_too()
    {
        await AcquireLeaseAsync(_other);
        var answer = new TaskCompletionSource();
        _invalidationClient.Responses[LeaseHolder.ForSilo(_other.SiloAddress)] = answer.Task;

        var settling = _fence.InvalidateAndWaitAsync(Key, 2);
        await AcquireLeaseAsync(_client);
        answer.SetResult();
        await AdvanceClockUntilAsync(settling);

        Assert.Equal(_client, _invalidationClient.Requests[^1].Item1);
    }

    [Fact]
    public async Task An_unresponsive_client_is_prevented_from_renewing_and_waited_for_until_its_lease_expires()
    {
        var lease = await AcquireLeaseAsync(_client);
        _invalidationClient.Responses[_client] = new TaskCompletionSource().Task;

        Assert.True(await AdvanceClockUntilAsync(_fence.InvalidateAndWaitAsync(Key, 2)) >= LeaseDuration);
        Assert.True(_leaseStore.IsRenewalPrevented(lease));
    }

    [Fact]
    public async Task Notifying_reaches_active_silos_while_the_lease_store_is_unavailable()
    {
        _membership.ActiveSilos.AddRange([_self.SiloAddress, _other.SiloAddress]);
        _leaseStore.Failure = new TimeoutException();

        await _fence.NotifyAsync(Key, 2);

        Assert.Equal([(LeaseHolder.ForSilo(_other.SiloAddress), Key, 2L)], _invalidationClient.Requests);
    }

    [Fact]
    public async Task Notifying_reaches_recent_clients_and_reads_the_lease_store_once_per_second()
    {
        await AcquireLeaseAsync(_client, LongLeaseDuration);
        await _fence.NotifyAsync(Key, 2);
        _leaseStore.Failure = new InvalidOperationException("Read again.");
        await _fence.NotifyAsync(Key, 3);
        _leaseStore.Failure = null;

        var second = LeaseHolder.ForClient(GrainId.Create("sys.client", "another client"));
        await AcquireLeaseAsync(second, LongLeaseDuration);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await _fence.NotifyAsync(Key, 4);

        Assert.Equal([(_client, Key, 2L), (_client, Key, 3L), (_client, Key, 4L), (second, Key, 4L)], _invalidationClient.Requests);
    }

    [Fact]
    public async Task Notifying_waits_at_most_100_ms_for_an_unresponsive_silo()
    {
        _membership.ActiveSilos.Add(_other.SiloAddress);
        _invalidationClient.Responses[LeaseHolder.ForSilo(_other.SiloAddress)] = new TaskCompletionSource().Task;

        Assert.InRange(await AdvanceClockUntilAsync(_fence.NotifyAsync(Key, 2)), TimeSpan.FromMilliseconds(100), LeaseDuration);
    }

    private Task<Guid> AcquireLeaseAsync(TestSiloDetails silo, TimeSpan? length = null) => AcquireLeaseAsync(LeaseHolder.ForSilo(silo.SiloAddress), length);

    private async Task<Guid> AcquireLeaseAsync(LeaseHolder holder, TimeSpan? length = null)
    {
        var id = Guid.NewGuid();
        await _leaseStore.AcquireAsync(id, holder, length ?? LeaseDuration, CancellationToken.None);
        return id;
    }

    private Task<TimeSpan> AdvanceClockUntilAsync(Task work) => AdvanceClockUntilAsync(() => work.IsCompleted);

    /// <summary>How much time passed, in small steps, until something is so.</summary>
    private async Task<TimeSpan> AdvanceClockUntilAsync(Func<bool> isSo)
    {
        using var patience = new CancellationTokenSource(KeysTestCluster.WaitTimeout);
        while (!isSo())
        {
            _clock.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Delay(1, patience.Token);
        }

        return _clock.GetUtcNow() - TestData.Start;
    }

    private sealed class TestInvalidationClient : IInvalidationClient
    {
        public Dictionary<LeaseHolder, Task> Responses { get; } = [];

        public List<(LeaseHolder, GrainId, long)> Requests { get; } = [];

        public Task InvalidateAsync(LeaseHolder holder, GrainId owner, long revision)
        {
            Requests.Add((holder, owner, revision));
            return Responses.GetValueOrDefault(holder, Task.CompletedTask);
        }
    }

    private sealed class TestMembership : ISiloStatusOracle
    {
        public List<SiloAddress> ActiveSilos { get; } = [];

        public SiloStatus CurrentStatus => SiloStatus.Active;

        public string SiloName => "silo 1";

        public SiloAddress SiloAddress => throw new NotSupportedException();

        public Dictionary<SiloAddress, SiloStatus> GetApproximateSiloStatuses(bool onlyActive = false) =>
            ActiveSilos.ToDictionary(silo => silo, _ => SiloStatus.Active);

        public SiloStatus GetApproximateSiloStatus(SiloAddress siloAddress) => throw new NotSupportedException();

        public SiloAddress[] GetActiveSilos() => throw new NotSupportedException();

        public bool TryGetSiloName(SiloAddress siloAddress, out string siloName) => throw new NotSupportedException();

        public bool IsFunctionalDirectory(SiloAddress siloAddress) => throw new NotSupportedException();

        public bool IsDeadSilo(SiloAddress silo) => throw new NotSupportedException();

        public bool SubscribeToSiloStatusEvents(ISiloStatusListener observer) => throw new NotSupportedException();

        public bool UnSubscribeFromSiloStatusEvents(ISiloStatusListener observer) => throw new NotSupportedException();
    }
}
