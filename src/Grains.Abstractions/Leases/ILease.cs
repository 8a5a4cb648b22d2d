namespace KeysCluster.Leases;

/// <summary>
/// This process's permission to answer from memory. While it is good, whoever ends a secret's validity waits until this
/// process has forgotten what it holds of that secret. Source: docs/adr/0007-leases.md.
/// </summary>
internal interface ILease
{
    /// <summary>
    /// Names the unbroken time for which the lease has been good until now; 0 when it is not good. What was read under
    /// another epoch must not be used.
    /// </summary>
    long Epoch { get; }

    /// <summary>Told when a lease is found lost: what was held under it is void.</summary>
    event Action? Lost;
}
