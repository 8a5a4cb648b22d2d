using System.Diagnostics.Metrics;
using KeysCluster.Grains.Leases;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Leases;
using KeysCluster.Validation.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace KeysCluster.Grains.Tests.Leases;

/// <summary>The acknowledgements of a silo and of an Orleans client, over its connection.</summary>
public sealed class InvalidationAcknowledgementTests(ClientTestCluster cluster) : IClassFixture<ClientTestCluster>
{
    private static readonly GrainId Key = GrainId.Create(GrainTypeNames.VirtualKey, "vk_1");

    /// <summary>A grain that receives no invalidations, so that each one fails.</summary>
    private static readonly LeaseHolder NoObserver = LeaseHolder.ForClient(Key);

    private IInvalidationClient Client => cluster.SiloServices.GetRequiredService<IInvalidationClient>();

    [Fact]
    public async Task A_client_acknowledges_for_its_own_lease_only()
    {
        var lease = (await AcquireLeasesAsync()).Single(lease => lease.Holder.Client is not null);

        Assert.True(await Client.InvalidateAsync(lease, Key, revision: 2));
        Assert.False(await Client.InvalidateAsync(lease with { Id = Guid.NewGuid() }, Key, revision: 2));
    }

    [Fact]
    public async Task A_holder_that_cannot_be_invalidated_has_not_acknowledged()
    {
        var lease = (await AcquireLeasesAsync())[0] with { Holder = NoObserver };

        Assert.False(await Client.InvalidateAsync(lease, Key, revision: 2));
    }

    [Fact]
    public async Task Acknowledgements_are_measured()
    {
        var leases = await AcquireLeasesAsync();
        using var acknowledgements = new MetricCollector<double>(
            cluster.SiloServices.GetRequiredService<IMeterFactory>(),
            KeysClusterMeter.Name,
            "keys.invalidation.acknowledgement.duration");

        foreach (var lease in leases) await Client.InvalidateAsync(lease, Key, revision: 2);
        await Client.InvalidateAsync(leases[0] with { Holder = NoObserver }, Key, revision: 2);

        Assert.Equal(
            ["client acknowledged", "client failed", "silo acknowledged"],
            acknowledgements.GetMeasurementSnapshot().Select(
                measured => $"{measured.Tags["holder"]} {measured.Tags["outcome"]}").Order(StringComparer.Ordinal));
    }

    /// <summary>The batch of a silo contains the renewals of many clients, and PostgreSQL would refuse all.</summary>
    [Theory]
    [InlineData("9000000000000000001:9000000000000000000:")]
    [InlineData("nothing")]
    public async Task A_position_that_is_no_snapshot_is_refused_before_it_reaches_the_store(string snapshot)
    {
        var renewals = cluster.LeaseStore.RenewalCount;

        await Assert.ThrowsAnyAsync<ArgumentException>(() => cluster.Grains.GetGrain<IClientLeaseGrain>(0)
            .Renew(Guid.NewGuid(), new LogPosition("00000001", snapshot)));

        Assert.Equal(renewals, cluster.LeaseStore.RenewalCount);
    }

    /// <summary>Silos read the holders of all leases for each change that waits, and call them.</summary>
    [Theory]
    [InlineData("vk/vk_1")]
    [InlineData("sys.svc.management/0")]
    [InlineData("sys.client/")]
    public async Task Only_an_observer_of_a_client_can_be_the_holder_of_a_lease(string id)
    {
        var observer = GrainId.Parse(id + (id.EndsWith('/') ? new string('x', 200) : ""), null);
        var reference = cluster.Grains.GetGrain(observer).AsReference<IInvalidationObserver>();

        await Assert.ThrowsAnyAsync<ArgumentException>(
            () => cluster.Grains.GetGrain<IClientLeaseGrain>(0).Acquire(Guid.NewGuid(), reference));
    }

    /// <summary>Acquires a lease for the silo and one for the client, and returns both.</summary>
    private async Task<IReadOnlyList<Lease>> AcquireLeasesAsync()
    {
        await cluster.SiloLease.RenewOrAcquireAsync(CancellationToken.None);
        await cluster.Lease.RenewOrAcquireAsync(CancellationToken.None);
        return await cluster.LeaseStore.GetAllAsync(CancellationToken.None);
    }
}
