using KeysCluster.Grains.Leases;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Leases;
using Microsoft.Extensions.DependencyInjection;

namespace KeysCluster.Grains.Tests.Leases;

/// <summary>The acknowledgement of an Orleans client, over its connection.</summary>
public sealed class InvalidationAcknowledgementTests(ClientTestCluster cluster) : IClassFixture<ClientTestCluster>
{
    private static readonly GrainId Key = GrainId.Create(GrainTypeNames.VirtualKey, "vk_1");

    [Fact]
    public async Task A_client_acknowledges_for_its_own_lease_only()
    {
        await cluster.SiloLease.RenewOrAcquireAsync(CancellationToken.None);
        await cluster.Lease.RenewOrAcquireAsync(CancellationToken.None);
        var leases = await cluster.LeaseStore.GetAllAsync(CancellationToken.None);
        var lease = leases.Single(lease => lease.Holder.Client is not null);
        var client = cluster.SiloServices.GetRequiredService<IInvalidationClient>();

        Assert.True(await client.InvalidateAsync(lease, Key, revision: 2));
        Assert.False(await client.InvalidateAsync(lease with { Id = Guid.NewGuid() }, Key, revision: 2));
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
}
