using KeysCluster.Leases;

namespace KeysCluster.Validation.Leases;

/// <summary>
/// The permission of this process to answer from its cache. While the lease is valid, a change that makes a secret
/// invalid waits until this process has invalidated its cache. Source: docs/adr/0007-leases.md.
/// </summary>
public interface ILease
{
    /// <summary>
    /// Identifies the uninterrupted period for which the lease has been valid until now; 0 when it is not valid. An
    /// entry of another epoch must not be used.
    /// </summary>
    long Epoch { get; }

    /// <summary>
    /// The position up to which the event log has been applied to the cache; null when no other process changes keys.
    /// </summary>
    LogPosition? Position { get; }

    /// <summary>
    /// Whether the last attempt to renew or acquire the lease failed, such as because the database does not answer.
    /// </summary>
    bool IsRenewalFailing { get; }

    /// <summary>Raised when the lease was lost: every entry cached under it must be discarded.</summary>
    event Action? Lost;
}
