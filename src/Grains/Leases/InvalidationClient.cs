using KeysCluster.Leases;
using Orleans.Runtime.Services;
using Orleans.Services;

namespace KeysCluster.Grains.Leases;

/// <summary>Makes a holder of a lease forget: a silo by its address, dead or alive, a client by its observer.</summary>
internal interface IInvalidationClient : IGrainServiceClient<IInvalidationService>
{
    Task Invalidate(LeaseHolder holder, GrainId owner, long revision);
}

internal sealed class InvalidationClient(IServiceProvider services, IGrainFactory grains)
    : GrainServiceClient<IInvalidationService>(services), IInvalidationClient
{
    public Task Invalidate(LeaseHolder holder, GrainId owner, long revision) => holder.Silo is { } silo
        ? GetGrainService(silo).Invalidate(owner, revision)
        : grains.GetGrain<IInvalidationObserver>(holder.Client!.Value).Invalidate(owner, revision);
}
