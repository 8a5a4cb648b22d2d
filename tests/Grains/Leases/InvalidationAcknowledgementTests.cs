using KeysCluster.Grains.Leases;
using KeysCluster.Grains.Tests.TestSilo;
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
}
