using Orleans.Runtime.Services;
using Orleans.Services;

namespace KeysCluster.Grains.Leases;

/// <summary>Calls the <see cref="IInvalidationService"/> of a silo by its address, dead or alive.</summary>
internal interface IInvalidationClient : IGrainServiceClient<IInvalidationService>
{
    Task Invalidate(SiloAddress silo, GrainId owner, long revision);
}

internal sealed class InvalidationClient(IServiceProvider services)
    : GrainServiceClient<IInvalidationService>(services), IInvalidationClient
{
    public Task Invalidate(SiloAddress silo, GrainId owner, long revision) =>
        GetGrainService(silo).Invalidate(owner, revision);
}
