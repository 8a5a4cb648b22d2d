namespace KeysCluster.Grains.Leases;

/// <summary>A lease that had not expired when it was read.</summary>
/// <param name="Id">The id of the lease. A holder that loses a lease acquires another one under a new id.</param>
/// <param name="Holder">The process that may answer from its cache under the lease.</param>
/// <param name="Remaining">The time until it expires unless it is renewed; never more than its duration.</param>
public sealed record ActiveLease(Guid Id, LeaseHolder Holder, TimeSpan Remaining);
