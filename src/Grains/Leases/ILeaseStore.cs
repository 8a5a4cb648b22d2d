using KeysCluster.Leases;

namespace KeysCluster.Grains.Leases;

/// <summary>
/// The leases of all silos and clients, and the event log, in the database of the keys. A lease ends when its holder
/// does not renew it for its duration. No clock of the database takes part: who waits for a lease measures the time.
/// Every write is durable when it returns, also on a synchronous standby, and throws when its outcome is unknown.
/// </summary>
public interface ILeaseStore
{
    /// <summary>Reads the event log. Fails when there are more events than a holder may be behind.</summary>
    /// <param name="after">The position after which to read; null to read the position only.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    Task<LogRead> ReadLogAsync(LogPosition? after, CancellationToken cancellationToken);

    /// <summary>
    /// Adds a lease, and returns the position that the event log had by then; null when clients have too many leases. A
    /// holder may repeat it: the position stays that of the first time.
    /// </summary>
    Task<LogPosition?> AcquireAsync(
        Guid id, LeaseHolder holder, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>
    /// Renews leases and sets the positions that their holders have applied; an earlier position than the stored one
    /// changes nothing. A lease on another timeline than the server's is not renewed.
    /// </summary>
    /// <returns>The ids of the leases that were renewed. The others do not exist any longer.</returns>
    Task<IReadOnlySet<Guid>> RenewAsync(
        IReadOnlyDictionary<Guid, LogPosition> renewals, CancellationToken cancellationToken);

    /// <summary>
    /// Refuses further renewals of a lease, so that it expires. It proves nothing until then, like a lease of another
    /// timeline.
    /// </summary>
    Task StopRenewalAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Removes a lease whose holder has cleared its cache.</summary>
    Task ReleaseAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Returns all leases.</summary>
    Task<IReadOnlyList<Lease>> GetAllAsync(CancellationToken cancellationToken);

    /// <summary>Removes a lease unless it has been renewed since it was read.</summary>
    Task RemoveExpiredAsync(Lease lease, CancellationToken cancellationToken);

    /// <summary>Returns the transaction that wrote the last event of an owner; null when it has no event.</summary>
    Task<LogTransaction?> GetLastTransactionAsync(GrainId owner, CancellationToken cancellationToken);
}
