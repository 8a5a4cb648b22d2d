using KeysCluster.Leases;

namespace KeysCluster.Grains.Leases;

/// <summary>A lease as it is stored.</summary>
/// <param name="Id">The id of the lease. A holder that loses a lease acquires another one under a new id.</param>
/// <param name="Holder">The process that may answer from its cache under the lease.</param>
/// <param name="Duration">How long the holder relies on the lease at most, after each renewal.</param>
/// <param name="Renewals">How often the lease has been renewed.</param>
/// <param name="Applied">The position up to which the holder has applied the event log at least.</param>
/// <param name="IsOnCurrentTimeline">
/// Whether the lease was acquired on the timeline of the server. The holder of another one may still apply events that
/// a failover has lost: its acknowledgement proves nothing.
/// </param>
public sealed record Lease(
    Guid Id,
    LeaseHolder Holder,
    TimeSpan Duration,
    long Renewals,
    LogPosition Applied,
    bool IsOnCurrentTimeline = true);
