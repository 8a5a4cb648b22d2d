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
    [Alias("Invalidate"), ResponseTimeout("00:00:05")]
    Task Invalidate(GrainId owner, long revision);
}
