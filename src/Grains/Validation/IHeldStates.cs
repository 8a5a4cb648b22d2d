namespace KeysCluster.Grains.Validation;

/// <summary>What this silo holds of the states of one grain type.</summary>
internal interface IHeldStates
{
    GrainType GrainType { get; }

    /// <summary>
    /// Forgets what is older than a revision, and lets no read or write that is under way bring it back. When this
    /// returns, no validation that begins is answered from it.
    /// </summary>
    void Invalidate(string owner, long revision);
}
