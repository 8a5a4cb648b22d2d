using KeysCluster.Leases;

namespace KeysCluster.Grains.Leases;

/// <summary>A transaction that wrote an event.</summary>
/// <param name="Timeline">The timeline of the server.</param>
/// <param name="Id">The id of the transaction.</param>
public sealed record LogTransaction(string Timeline, ulong Id)
{
    /// <summary>
    /// Returns whether a holder has applied the transaction. A position of another timeline proves nothing: after a
    /// failover, ids may be assigned again.
    /// </summary>
    public bool IsAppliedBy(LogPosition position)
    {
        ArgumentNullException.ThrowIfNull(position);
        return position.Timeline == Timeline && position.Contains(Id);
    }
}
