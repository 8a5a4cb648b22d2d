using System.Diagnostics.Metrics;
using KeysCluster.Grains.Leases;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Leases;
using KeysCluster.Storage;
using KeysCluster.Validation.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace KeysCluster.Grains.Tests.Leases;

public sealed class LeaseFenceTests : IDisposable
{
    private static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AcknowledgeTimeout = TimeSpan.FromMilliseconds(500);

    private static readonly Task NoResponse = new TaskCompletionSource().Task;
    private static readonly GrainId Key = GrainId.Create(GrainTypeNames.VirtualKey, "vk_1");
    private static readonly TestSiloDetails Self = new(1);
    private static readonly LeaseHolder SelfHolder = LeaseHolder.ForSilo(Self.SiloAddress);
    private static readonly LeaseHolder OtherHolder = LeaseHolder.ForSilo(new TestSiloDetails(2).SiloAddress);
    private static readonly LeaseHolder ClientHolder = LeaseHolder.ForClient(GrainId.Create("sys.client", "a client"));

    private readonly TimerObservingClock _clock = new();
    private readonly TestLeaseStore _store;
    private readonly TestInvalidationClient _client = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly LeaseTable _table;
    private readonly LeaseFence _fence;

    public LeaseFenceTests()
    {
        _store = new TestLeaseStore(_clock);
        _table = new LeaseTable(_store, _clock);
        var metrics = new InvalidationMetrics(Meters);
        _fence = new LeaseFence(_store, _table, _client, Self, metrics, _clock, NullLogger<LeaseFence>.Instance);
    }

    private IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task A_single_silo_sends_no_invalidations()
    {
        await AcquireLeaseAsync(SelfHolder);

        await RevokeAsync();

        Assert.Empty(_client.Requests);
    }

    [Fact]
    public async Task Silos_and_clients_are_invalidated_and_keep_their_leases()
    {
        await AcquireLeaseAsync(SelfHolder);
        await AcquireLeaseAsync(OtherHolder);
        await AcquireLeaseAsync(ClientHolder);

        await RevokeAsync();

        Assert.Equal(
            [OtherHolder, ClientHolder], _client.Requests.Select(request => request.Holder).OrderBy(IsClient));
        Assert.Equal(3, _store.LeaseIds.Count);
    }

    [Fact]
    public async Task Waits_are_measured()
    {
        using var waits = new MetricCollector<double>(
            Meters, KeysClusterMeter.Name, "keys.invalidation.wait.duration");
        await AcquireLeaseAsync(OtherHolder);

        await RevokeAsync();

        Assert.Equal("confirmed", Assert.Single(waits.GetMeasurementSnapshot()).Tags["outcome"]);
    }

    [Fact]
    public async Task A_known_holder_is_invalidated_before_the_leases_are_read_and_only_once()
    {
        await AcquireLeaseAsync(OtherHolder);
        await _table.ReadAsync();
        List<(LeaseHolder, GrainId, long)>? beforeRead = null;
        _store.BeforeResponse = () => beforeRead ??= [.. _client.Requests];

        await RevokeAsync();

        Assert.Equal([(OtherHolder, Key, 2)], beforeRead);
        Assert.Equal(beforeRead, _client.Requests);
    }

    [Fact]
    public async Task A_holder_that_does_not_answer_is_waited_for_until_it_has_applied_the_event()
    {
        var lease = await AcquireLeaseAsync(OtherHolder);
        var before = _store.Position;
        _client.Responses[OtherHolder] = NoResponse;

        var revoke = RevokeAsync();
        await _clock.AdvanceUntilWaitingAsync(AcknowledgeTimeout);
        await _store.RenewAsync(new Dictionary<Guid, LogPosition> { [lease] = before }, CancellationToken.None);
        await _clock.AdvanceUntilWaitingAsync(LeaseDuration / 10);
        Assert.False(revoke.IsCompleted);

        var renewal = new Dictionary<Guid, LogPosition> { [lease] = _store.Position };
        await _store.RenewAsync(renewal, CancellationToken.None);

        await _clock.AdvanceUntilAsync(revoke);
        Assert.Contains(lease, _store.LeaseIds);
    }

    [Fact]
    public async Task A_change_waits_one_lease_duration_for_a_holder_that_neither_answers_nor_renews()
    {
        await AcquireLeaseAsync(OtherHolder);
        _client.Responses[OtherHolder] = NoResponse;

        var elapsed = await _clock.AdvanceUntilAsync(RevokeAsync());

        Assert.InRange(elapsed, LeaseDuration, LeaseDuration + LeaseDuration / 10);
        Assert.Empty(_store.LeaseIds);
    }

    [Fact]
    public async Task An_acknowledgement_of_another_client_at_the_address_of_the_holder_does_not_count()
    {
        await AcquireLeaseAsync(ClientHolder);
        _client.Impostors.Add(ClientHolder);

        var elapsed = await _clock.AdvanceUntilAsync(RevokeAsync());

        Assert.InRange(elapsed, LeaseDuration, LeaseDuration + LeaseDuration / 10);
    }

    [Fact]
    public async Task The_duration_restarts_with_each_renewal_of_a_holder_that_has_not_applied_the_event()
    {
        var lease = await AcquireLeaseAsync(OtherHolder);
        var before = _store.Position;
        _client.Responses[OtherHolder] = NoResponse;

        var revoke = RevokeAsync();
        await _clock.AdvanceUntilWaitingAsync(AcknowledgeTimeout);
        await _clock.WaitForTimerAsync();
        _clock.Advance(LeaseDuration / 2);
        await _store.RenewAsync(new Dictionary<Guid, LogPosition> { [lease] = before }, CancellationToken.None);

        var elapsed = await _clock.AdvanceUntilAsync(revoke);

        Assert.InRange(elapsed, LeaseDuration, LeaseDuration + LeaseDuration / 10);
    }

    [Fact]
    public async Task A_client_that_renews_without_applying_the_event_delays_a_revocation_two_durations_at_most()
    {
        var (lease, elapsed) = await RevokeWhileRenewingAsync(ClientHolder);

        Assert.InRange(elapsed, LeaseDuration, 2.2 * LeaseDuration);
        Assert.DoesNotContain(lease, _store.LeaseIds);
    }

    [Fact]
    public async Task A_silo_may_renew_its_lease_while_a_revocation_waits_for_it()
    {
        var (lease, elapsed) = await RevokeWhileRenewingAsync(OtherHolder);

        Assert.True(elapsed >= 3 * LeaseDuration);
        Assert.Contains(lease, _store.LeaseIds);
    }

    [Fact]
    public async Task A_client_that_is_slow_to_apply_the_event_keeps_its_lease()
    {
        var lease = await AcquireLeaseAsync(ClientHolder);
        var before = _store.Position;
        _client.Responses[ClientHolder] = NoResponse;

        var revoke = RevokeAsync();
        await _clock.AdvanceUntilWaitingAsync(AcknowledgeTimeout);
        await _clock.AdvanceUntilWaitingAsync(LeaseDuration / 10);
        _clock.Advance(LeaseDuration * 0.7);
        Assert.Contains(lease, await RenewAsync(lease, before));
        Assert.Contains(lease, await RenewAsync(lease, _store.Position));

        await _clock.AdvanceUntilAsync(revoke);
        Assert.Contains(lease, await RenewAsync(lease, _store.Position));
    }

    [Fact]
    public async Task A_dead_holder_that_was_seen_earlier_is_not_waited_for_again()
    {
        await AcquireLeaseAsync(OtherHolder);
        await _table.ReadAsync();
        _client.Responses[OtherHolder] = NoResponse;
        _clock.Advance(LeaseDuration);

        await RevokeAsync();

        Assert.Empty(_store.LeaseIds);
    }

    [Fact]
    public async Task A_position_of_another_timeline_does_not_end_the_wait()
    {
        var lease = await AcquireLeaseAsync(OtherHolder);
        _client.Responses[OtherHolder] = NoResponse;
        _store.Append(Key, 1);
        await _store.RenewAsync(
            new Dictionary<Guid, LogPosition> { [lease] = new("00000001", "1000:1000:") }, CancellationToken.None);
        _store.Timeline = "00000002";

        var elapsed = await _clock.AdvanceUntilAsync(RevokeAsync());

        Assert.InRange(elapsed, LeaseDuration, LeaseDuration + LeaseDuration / 10);
    }

    [Fact]
    public async Task An_acknowledgement_from_before_a_failover_does_not_end_the_wait()
    {
        await AcquireLeaseAsync(OtherHolder);
        _store.Timeline = "00000002";

        var elapsed = await _clock.AdvanceUntilAsync(RevokeAsync());

        Assert.InRange(elapsed, LeaseDuration, LeaseDuration + LeaseDuration / 10);
    }

    [Fact]
    public async Task A_late_acknowledgement_ends_the_wait()
    {
        await AcquireLeaseAsync(OtherHolder);
        var response = new TaskCompletionSource();
        _client.Responses[OtherHolder] = response.Task;

        var revoke = RevokeAsync();
        await _clock.AdvanceUntilWaitingAsync(AcknowledgeTimeout);
        await AssertWaitsForLogAsync();
        response.SetResult();

        _clock.Advance(LeaseDuration / 10);
        await revoke;
    }

    [Fact]
    public async Task A_holder_that_releases_its_lease_ends_the_wait()
    {
        var lease = await AcquireLeaseAsync(OtherHolder);
        _client.Responses[OtherHolder] = NoResponse;

        var revoke = RevokeAsync();
        await _clock.AdvanceUntilWaitingAsync(AcknowledgeTimeout);
        await AssertWaitsForLogAsync();
        await _store.ReleaseAsync(lease, CancellationToken.None);
        await AcquireLeaseAsync(OtherHolder);

        _clock.Advance(LeaseDuration / 10);
        await revoke;
    }

    [Fact]
    public async Task Concurrent_revocations_share_their_reads_of_the_lease_table()
    {
        await AcquireLeaseAsync(OtherHolder);
        var (reads, first, all) = (0, new ManualResetEventSlim(), new ManualResetEventSlim());
        _store.BeforeResponse = () =>
        {
            Interlocked.Increment(ref reads);
            first.Set();
            Assert.True(all.Wait(Wait.Timeout));
        };

        var revoke = Task.Run(RevokeAsync);
        Assert.True(first.Wait(Wait.Timeout));
        var others = Enumerable.Range(0, 1000).Select(_ => _fence.InvalidateAndWaitAsync(Key, 2)).ToList();
        all.Set();

        await Task.WhenAll([revoke, .. others]).WaitAsync(Wait.Timeout);
        Assert.Equal(2, reads);
    }

    [Fact]
    public async Task An_invalidation_fails_while_the_lease_store_is_unavailable()
    {
        await AcquireLeaseAsync(OtherHolder);
        _store.Failure = new TimeoutException();

        await Assert.ThrowsAsync<StorageUnavailableException>(() => _fence.InvalidateAndWaitAsync(Key, 2));
    }

    /// <summary>Waits until the fence has read the leases, and waits to read them again.</summary>
    private async Task AssertWaitsForLogAsync() =>
        Assert.Equal(LeaseDuration / 10, await _clock.WaitForTimerAsync());

    /// <summary>
    /// Revokes while a holder does not answer and renews its lease at its old position, for three durations at most.
    /// </summary>
    private async Task<(Guid Lease, TimeSpan Elapsed)> RevokeWhileRenewingAsync(LeaseHolder holder)
    {
        var lease = await AcquireLeaseAsync(holder);
        var before = _store.Position;
        _client.Responses[holder] = NoResponse;
        var startedAt = _clock.GetTimestamp();

        var revoke = RevokeAsync();
        while (!revoke.IsCompleted && _clock.GetElapsedTime(startedAt) < 3 * LeaseDuration)
        {
            await Task.WhenAny(revoke, _clock.WaitForTimerAsync());
            await RenewAsync(lease, before);
            _clock.Advance(LeaseDuration / 10);
        }

        return (lease, _clock.GetElapsedTime(startedAt));
    }

    private Task<IReadOnlySet<Guid>> RenewAsync(Guid lease, LogPosition applied) =>
        _store.RenewAsync(new Dictionary<Guid, LogPosition> { [lease] = applied }, CancellationToken.None);

    private static bool IsClient(LeaseHolder holder) => holder.Client is not null;

    private Task RevokeAsync()
    {
        _store.Append(Key, 2);
        return _fence.InvalidateAndWaitAsync(Key, 2).WaitAsync(Wait.Timeout);
    }

    private async Task<Guid> AcquireLeaseAsync(LeaseHolder holder)
    {
        var id = Guid.NewGuid();
        await _store.AcquireAsync(id, holder, LeaseDuration, CancellationToken.None);
        return id;
    }
}
