namespace KeysCluster.Validation;

/// <summary>What this process holds of the owners of one grain type.</summary>
internal interface ILeasedMemory
{
    GrainType GrainType { get; }

    /// <summary>
    /// Forgets what is older than a revision, and lets nothing that is on its way bring it back. When this returns, no
    /// validation that begins is answered from it.
    /// </summary>
    void Invalidate(string owner, long revision);
}

internal static class LeasedMemories
{
    public static void Invalidate(this IEnumerable<ILeasedMemory> memories, GrainId owner, long revision) =>
        memories.Single(memory => memory.GrainType == owner.Type).Invalidate(owner.Key.ToString()!, revision);
}
