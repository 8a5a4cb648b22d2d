namespace KeysCluster.Grains.Leases;

/// <summary>Makes the end of a secret's validity hold on every silo.</summary>
public interface IValidityFence
{
    /// <summary>
    /// Called after a change of <paramref name="owner"/> is durable, forgotten by this silo, and before it is answered. When
    /// it returns, no other silo and no client begins to answer from a state older than <paramref name="revision"/>. Safe to repeat.
    /// </summary>
    /// <exception cref="KeysCluster.Storage.StorageUnavailableException">It could not be found out: repeat it.</exception>
    Task Settle(GrainId owner, long revision);

    /// <summary>
    /// For a change that ends nothing soon: those that are known to be there are told, so that they say <c>retiring</c>
    /// and not <c>active</c>, and nobody is waited for when it does not answer at once. Nothing but what a verdict says
    /// beside good or bad depends on it.
    /// </summary>
    Task Tell(GrainId owner, long revision);
}
