using KeysCluster.Leases;
using Orleans.Runtime.Services;
using Orleans.Services;

namespace KeysCluster.Grains.Leases;

/// <summary>
/// Invalidates the cache of a lease holder: of a silo by its address, whether or not the cluster considers it alive,
/// and of a client through its observer.
/// </summary>
internal interface IInvalidationClient : IGrainServiceClient<IInvalidationService>
{
    Task InvalidateAsync(LeaseHolder holder, GrainId owner, long revision);
}

internal sealed class InvalidationClient(IServiceProvider services, IGrainFactory grains)
    : GrainServiceClient<IInvalidationService>(services), IInvalidationClient
{
    public Task InvalidateAsync(LeaseHolder holder, GrainId owner, long revision) => holder.Silo is { } silo
        ? GetGrainService(silo).Invalidate(owner, revision)
        : grains.GetGrain<IInvalidationObserver>(holder.Client!.Value).Invalidate(owner, revision);
}
