namespace KeysCluster.Grains.Leases;

/// <summary>Waits until no process answers from a state that a change has replaced.</summary>
public interface IInvalidationFence
{
    /// <summary>
    /// Called after a change is durable and this silo has invalidated its own cache, before the change is acknowledged.
    /// When it returns, no other silo and no client begins to answer from a state older than the revision. Idempotent:
    /// nothing has to be remembered between a failed call and the next one.
    /// </summary>
    /// <param name="owner">The grain of the changed key or project.</param>
    /// <param name="revision">The revision after the change.</param>
    /// <exception cref="KeysCluster.Storage.StorageUnavailableException">
    /// It is unknown whether every cache is invalidated. Call again.
    /// </exception>
    Task InvalidateAndWaitAsync(GrainId owner, long revision);

    /// <summary>
    /// Starts to invalidate the other caches after a change that ends no validity, so that they soon show it, and
    /// returns. What a push does not reach applies the event log within a third of a lease.
    /// </summary>
    /// <param name="owner">The grain of the changed key or project.</param>
    /// <param name="revision">The revision after the change.</param>
    void Push(GrainId owner, long revision);
}
