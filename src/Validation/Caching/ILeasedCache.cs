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
}
