namespace KeysCluster.Grains.Leases;

/// <summary>
/// The leases of all silos and clients, in the database of the keys. Only its clock decides when a lease expires. Every
/// operation is durable when it returns, and throws when its outcome is unknown.
/// </summary>
public interface ILeaseStore
{
    /// <summary>Adds a lease that is valid for <paramref name="duration"/> from now.</summary>
    Task AcquireAsync(Guid id, LeaseHolder holder, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>
    /// Renews a lease for <paramref name="duration"/> from now; false when it has expired, has another duration, or may
    /// not be renewed.
    /// </summary>
    Task<bool> RenewAsync(Guid id, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Removes a lease whose holder has cleared its cache.</summary>
    Task ReleaseAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Returns the leases that have not expired, including those that may not be renewed.</summary>
    Task<IReadOnlyList<ActiveLease>> GetActiveAsync(CancellationToken cancellationToken);

    /// <summary>Prevents leases from being renewed, so that they expire.</summary>
    Task PreventRenewalAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken);
}
