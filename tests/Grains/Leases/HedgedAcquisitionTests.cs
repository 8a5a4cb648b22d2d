using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Leases;
using KeysCluster.Validation.Clients;
using Microsoft.Extensions.Logging.Abstractions;

namespace KeysCluster.Grains.Tests.Leases;

public sealed class HedgedAcquisitionTests(ClientTestCluster cluster) : IClassFixture<ClientTestCluster>
{
    [Fact]
    public async Task A_silo_that_hangs_does_not_keep_a_client_from_its_lease()
    {
        var others = cluster.LeaseStore.LeaseIds;
        using var lease = new ClientLease(
            cluster.Grains, new([]), new OffsetClock(cluster.Clock), NullLogger<ClientLease>.Instance);
        var acquire = cluster.Calls.To(nameof(IClientLeaseGrain.Acquire));
        var hanging = acquire.BlockNext();
        var start = acquire.Count;

        Assert.True(await lease.RenewOrAcquireAsync(CancellationToken.None));

        // The call that the client has abandoned completes, and changes nothing.
        hanging.Open();
        await acquire.WaitForCompletedAsync(start + 2);
        var stored = Assert.Single(await cluster.LeaseStore.GetAllAsync(CancellationToken.None), IsNew);
        Assert.Equal(lease.Position, stored.Applied);

        bool IsNew(Grains.Leases.Lease candidate) => !others.Contains(candidate.Id);
    }
}
