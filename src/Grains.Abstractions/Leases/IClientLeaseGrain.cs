namespace KeysCluster.Leases;

/// <summary>
/// Grants cache leases to Orleans clients, on the silo that the call reaches. The grain key has no meaning. The package
/// KeysCluster.Validation calls it; other code has no reason to.
/// </summary>
[Alias("KeysCluster.IClientLeaseGrain")]
public interface IClientLeaseGrain : IGrainWithIntegerKey
{
    /// <summary>Acquires a lease for a client.</summary>
    /// <param name="id">The id of the new lease.</param>
    /// <param name="client">Receives the client's invalidations.</param>
    /// <returns>The duration of the lease; zero when this cluster grants no client leases.</returns>
    [Alias("Acquire"), ResponseTimeout("00:00:01")]
    Task<TimeSpan> Acquire(Guid id, IInvalidationObserver client);

    /// <summary>Renews a lease for its full duration; false when it has expired or may not be renewed.</summary>
    [Alias("Renew"), ResponseTimeout("00:00:01")]
    Task<bool> Renew(Guid id);

    /// <summary>Releases a lease. Its holder must have cleared its cache before.</summary>
    [Alias("Release"), ResponseTimeout("00:00:01")]
    Task Release(Guid id);
}
