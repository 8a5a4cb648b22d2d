namespace KeysCluster.Leases;

/// <summary>Receives cache invalidations in an Orleans client.</summary>
[Alias("KeysCluster.IInvalidationObserver")]
public interface IInvalidationObserver : IGrainObserver
{
    /// <summary>
    /// Invalidates a key or project. When the call returns, the client answers from nothing older than the revision.
    /// </summary>
    /// <param name="owner">The grain of the key or project.</param>
    /// <param name="revision">The revision that the change produced.</param>
    /// <returns>
    /// The id of the client's lease, which only the client and the silos know. It proves that the holder of the lease
    /// has answered, and not another client that claims its address.
    /// </returns>
    [Alias("Invalidate"), ResponseTimeout("00:00:05")]
    Task<Guid> Invalidate(GrainId owner, long revision);
}
