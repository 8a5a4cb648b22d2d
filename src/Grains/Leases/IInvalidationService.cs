using Orleans.Services;

namespace KeysCluster.Grains.Leases;

/// <summary>
/// Invalidates the cache of the silo on which it runs. Orleans derives wire names from the full names of this interface
/// and its implementation: never rename or move either.
/// </summary>
[Alias("KeysCluster.IInvalidationService")]
internal interface IInvalidationService : IGrainService
{
    /// <summary>
    /// Invalidates a key or project. When the call returns, this silo answers from no state older than the revision.
    /// </summary>
    [Alias("Invalidate")]
    Task Invalidate(GrainId owner, long revision);
}
