using Orleans.Services;

namespace KeysCluster.Grains.Leases;

/// <summary>Makes the silo that it runs on forget what it holds of a key or project.</summary>
[Alias("KeysCluster.IInvalidationService")]
internal interface IInvalidationService : IGrainService
{
    /// <summary>When it returns, this silo answers from no state that is older than the revision.</summary>
    [Alias("Invalidate")]
    Task Invalidate(GrainId owner, long revision);
}
