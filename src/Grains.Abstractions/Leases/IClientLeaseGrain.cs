using KeysCluster.Security;

namespace KeysCluster.Leases;

/// <summary>
/// Grants cache leases to Orleans clients, on the silo that the call reaches. The grain key has no meaning. The package
/// KeysCluster.Validation calls it; other code has no reason to.
/// </summary>
[Alias("KeysCluster.IClientLeaseGrain")]
public interface IClientLeaseGrain : IGrainWithIntegerKey
{
    /// <summary>Acquires a lease for a client whose cache is empty.</summary>
    /// <param name="id">The id of the new lease.</param>
    /// <param name="client">Receives the client's invalidations.</param>
    /// <returns>The lease; null when this cluster grants no client leases.</returns>
    /// <exception cref="Storage.StorageUnavailableException">No lease was granted.</exception>
    [Alias("Acquire"), ResponseTimeout("00:00:02")]
    [AllowClients(ClientRoles.All)]
    Task<ClientLeaseGrant?> Acquire(Guid id, IInvalidationObserver client);

    /// <summary>
    /// Renews a lease for its full duration. The client applies the returned events to its cache before it relies on
    /// the renewed lease.
    /// </summary>
    /// <param name="id">The id of the lease.</param>
    /// <param name="applied">The position up to which the client has applied the event log.</param>
    /// <returns>
    /// The renewed lease; null when it has expired: the client clears its cache and acquires another.
    /// </returns>
    /// <exception cref="Storage.StorageUnavailableException">It is unknown whether the lease was renewed.</exception>
    [Alias("Renew"), ResponseTimeout("00:00:02")]
    [AllowClients(ClientRoles.All)]
    Task<ClientLeaseGrant?> Renew(Guid id, LogPosition applied);

    /// <summary>Releases a lease. Its holder must have cleared its cache before.</summary>
    /// <param name="id">The id of the lease.</param>
    [Alias("Release"), ResponseTimeout("00:00:02")]
    [AllowClients(ClientRoles.All)]
    Task Release(Guid id);
}
