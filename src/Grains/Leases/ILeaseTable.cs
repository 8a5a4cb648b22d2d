namespace KeysCluster.Grains.Leases;

/// <summary>
/// The leases of all silos and clients, in the database that holds the keys. Its clock alone tells when a lease ends. Every operation
/// is durable when it returns, and throws when its outcome is not known.
/// </summary>
public interface ILeaseTable
{
    /// <summary>Enters a new lease, good from now for <paramref name="length"/>.</summary>
    Task Acquire(Guid id, LeaseHolder holder, TimeSpan length, CancellationToken cancellationToken);

    /// <summary>Prolongs a lease to <paramref name="length"/> from now; false when it has ended or is broken.</summary>
    Task<bool> Renew(Guid id, TimeSpan length, CancellationToken cancellationToken);

    /// <summary>Removes a lease whose holder has forgotten all that it held under it.</summary>
    Task Release(Guid id, CancellationToken cancellationToken);

    /// <summary>The leases that have not ended, broken ones included.</summary>
    Task<IReadOnlyList<LiveLease>> Live(CancellationToken cancellationToken);

    /// <summary>Lets leases run out: they cannot be renewed any more.</summary>
    Task Break(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken);
}

/// <summary>A lease that had not ended when it was read.</summary>
/// <param name="Id">Names this lease; who loses one enters another.</param>
/// <param name="Holder">Who may answer from memory under it.</param>
/// <param name="Remaining">How much longer it lasts unless it is renewed; never more than its length.</param>
public sealed record LiveLease(Guid Id, LeaseHolder Holder, TimeSpan Remaining);
