using KeysCluster.Leases;
using Orleans.Runtime.Services;

namespace KeysCluster.Grains.Leases;

internal sealed class InvalidationClient(IServiceProvider services, IGrainFactory grains)
    : GrainServiceClient<IInvalidationService>(services), IInvalidationClient
{
    public async Task<bool> InvalidateAsync(Lease lease, GrainId owner, long revision)
    {
        if (lease.Holder.Silo is not { } silo)
        {
            var client = grains.GetGrain<IInvalidationObserver>(lease.Holder.Client!.Value);
            return await client.Invalidate(owner, revision) == lease.Id;
        }

        await GetGrainService(silo).Invalidate(owner, revision);
        return true;
    }
}
