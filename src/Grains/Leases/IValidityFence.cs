namespace KeysCluster.Grains.Leases;

/// <summary>Makes the end of a secret's validity hold on every silo.</summary>
public interface IValidityFence
{
    /// <summary>
    /// Called after a change of <paramref name="owner"/> is durable and before it is answered. When it returns, no silo
    /// answers from a state that is older than <paramref name="revision"/>. Safe to repeat.
    /// </summary>
    /// <exception cref="KeysCluster.Storage.StorageUnavailableException">It could not be found out: repeat it.</exception>
    Task Settle(GrainId owner, long revision);
}
