namespace KeysCluster.Grains.Leases;

/// <summary>Invalidates the caches of other processes after a change.</summary>
public interface IInvalidationFence
{
    /// <summary>
    /// Called after a change is durable and this silo has invalidated its own cache, before the change is acknowledged.
    /// When it returns, no other silo and no client begins to answer from a state older than the revision. Idempotent.
    /// </summary>
    /// <param name="owner">The grain of the changed key or project.</param>
    /// <param name="revision">The revision after the change.</param>
    /// <exception cref="KeysCluster.Storage.StorageUnavailableException">
    /// It is unknown whether every cache is invalidated. Call again.
    /// </exception>
    Task InvalidateAndWaitAsync(GrainId owner, long revision);

    /// <summary>
    /// Called after a change that shortens no validity. Notifies the processes that are known, so that they report
    /// <c>retiring</c> instead of <c>active</c>, and waits for none that does not answer at once. Validity does not
    /// depend on it.
    /// </summary>
    /// <param name="owner">The grain of the changed key or project.</param>
    /// <param name="revision">The revision after the change.</param>
    Task NotifyAsync(GrainId owner, long revision);
}
