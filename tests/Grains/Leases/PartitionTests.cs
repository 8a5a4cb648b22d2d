using System.Diagnostics.Metrics;
using KeysCluster.Grains.Leases;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Validation.Caching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace KeysCluster.Grains.Tests.Leases;

/// <summary>Two silos that reach the database, and not each other.</summary>
public sealed class PartitionTests : IDisposable
{
    private static readonly LeaseOptions Options = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1));
    private static readonly GrainId Revoked = GrainId.Create(GrainTypeNames.VirtualKey, "vk_1");

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly TimerObservingClock _clock = new();
    private readonly TestLeaseStore _store;
    private readonly TestSiloDetails _other = new(2);
    private readonly SiloLease _otherLease;
    private readonly LeasedCache<CacheEntry> _otherCache;
    private readonly LeaseFence _fence;
    private int _lostCount;

    public PartitionTests()
    {
        _store = new TestLeaseStore(_clock);
        IReadOnlyList<ILeasedCache> caches = [];
        _otherLease = new SiloLease(
            _store,
            _other,
            new Lazy<IReadOnlyList<ILeasedCache>>(() => caches),
            new EventLog(_clock),
            new LeaseTable(_store, _clock),
            new DatabaseClock(
                Options, _clock, _services.GetRequiredService<IMeterFactory>(), NullLogger<DatabaseClock>.Instance),
            Options,
            _clock,
            NullLogger<SiloLease>.Instance);
        _otherLease.Lost += () => _lostCount++;
        _otherCache = new LeasedCache<CacheEntry>(GrainTypeNames.VirtualKey, 1 << 20, _otherLease, _clock);
        caches = [_otherCache];

        var client = new TestInvalidationClient();
        client.Responses[LeaseHolder.ForSilo(_other.SiloAddress)] =
            Task.FromException(new TimeoutException("The silos are partitioned."));
        _fence = new LeaseFence(
            _store,
            new LeaseTable(_store, _clock),
            client,
            new TestSiloDetails(1),
            new InvalidationMetrics(_services.GetRequiredService<IMeterFactory>()),
            _clock,
            NullLogger<LeaseFence>.Instance);
    }

    public void Dispose()
    {
        _otherLease.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task A_revocation_removes_its_key_from_the_cache_of_the_other_silo_and_nothing_else()
    {
        Assert.True(await RenewAsync());
        for (var i = 1; i <= 50; i++) Fill($"vk_{i}");
        var epoch = _otherLease.Epoch;

        for (var revision = 2; revision <= 4; revision++)
        {
            _store.Append(Revoked, revision);
            var revoking = _fence.InvalidateAndWaitAsync(Revoked, revision);
            await WaitForReadAsync();
            Assert.False(revoking.IsCompleted);

            Assert.True(await RenewAsync());
            _clock.Advance(Options.Duration / 10);
            await revoking.WaitAsync(Wait.Timeout);
        }

        Assert.Null(_otherCache.Find("vk_1"));
        for (var i = 2; i <= 50; i++) Assert.NotNull(_otherCache.Find($"vk_{i}"));
        Assert.Equal((epoch, 0), (_otherLease.Epoch, _lostCount));
    }

    /// <summary>Waits until the fence has read the leases, and waits to read them again.</summary>
    private async Task WaitForReadAsync()
    {
        while (await _clock.WaitForTimerAsync() != Options.Duration / 10)
        {
        }
    }

    private Task<bool> RenewAsync() => _otherLease.RenewOrAcquireAsync(CancellationToken.None);

    private void Fill(string owner)
    {
        using var fill = _otherCache.BeginFill(owner);
        fill.Commit(new CacheEntry(fill.Epoch, revision: 1));
    }
}
