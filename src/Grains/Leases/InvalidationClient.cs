using KeysCluster.Leases;
using Orleans.Runtime.Services;

namespace KeysCluster.Grains.Leases;

internal sealed class InvalidationClient(IServiceProvider services, IGrainFactory grains)
    : GrainServiceClient<IInvalidationService>(services), IInvalidationClient
{
    public Task InvalidateAsync(LeaseHolder holder, GrainId owner, long revision) => holder.Silo is { } silo
        ? GetGrainService(silo).Invalidate(owner, revision)
        : grains.GetGrain<IInvalidationObserver>(holder.Client!.Value).Invalidate(owner, revision);
}
