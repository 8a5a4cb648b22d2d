using Orleans.Services;

namespace KeysCluster.Grains.Leases;

/// <summary>
/// Invalidates the cache of a lease holder: of a silo by its address, whether or not the cluster considers it alive,
/// and of a client through its observer.
/// </summary>
internal interface IInvalidationClient : IGrainServiceClient<IInvalidationService>
{
    /// <summary>Sends an invalidation, and measures how long its acknowledgement takes. Never fails.</summary>
    /// <returns>
    /// Whether the holder of the lease has acknowledged, and not another client at its address. Any failure counts as
    /// no acknowledgement.
    /// </returns>
    Task<bool> InvalidateAsync(Lease lease, GrainId owner, long revision);
}
