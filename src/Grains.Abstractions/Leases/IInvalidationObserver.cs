namespace KeysCluster.Leases;

/// <summary>Makes the client that registered it forget what it holds of a key or project.</summary>
[Alias("KeysCluster.IInvalidationObserver")]
internal interface IInvalidationObserver : IGrainObserver
{
    /// <summary>When it returns, the client answers from nothing that is older than the revision.</summary>
    [Alias("Invalidate"), ResponseTimeout("00:00:05")]
    Task Invalidate(GrainId owner, long revision);
}
