namespace KeysCluster.Leases;

/// <summary>
/// Gives leases to Orleans clients, on whichever silo the call reaches; the grain's key has no meaning.
/// </summary>
[Alias("KeysCluster.IClientLeaseGrain")]
internal interface IClientLeaseGrain : IGrainWithIntegerKey
{
    /// <summary>Enters a new lease for a client that listens to an observer.</summary>
    /// <returns>How long it is good from now; zero when this cluster gives none.</returns>
    [Alias("Acquire"), ResponseTimeout("00:00:01")]
    Task<TimeSpan> Acquire(Guid id, IInvalidationObserver client);

    /// <summary>Prolongs a lease to its length from now; false when it has ended or is broken.</summary>
    [Alias("Renew"), ResponseTimeout("00:00:01")]
    Task<bool> Renew(Guid id);

    /// <summary>Removes a lease whose holder has forgotten all that it held under it.</summary>
    [Alias("Release"), ResponseTimeout("00:00:01")]
    Task Release(Guid id);
}
