namespace KeysCluster.Validation.Caching;

/// <summary>The cache of the owners of one grain type.</summary>
internal interface ILeasedCache
{
    GrainType GrainType { get; }

    /// <summary>
    /// Removes what is older than a revision, and prevents fills in progress from restoring it. When the call returns,
    /// no validation that begins is answered from it.
    /// </summary>
    void Invalidate(string owner, long revision);

    /// <summary>
    /// Invalidates what another process has pushed before the event log contained it. Until <see cref="Apply"/> is
    /// called for the revision, no later fill may cache an older one: a silo that has not applied the change yet may
    /// still answer from it.
    /// </summary>
    void InvalidateAhead(string owner, long revision);

    /// <summary>Invalidates what the event log contains.</summary>
    void Apply(string owner, long revision);
}
