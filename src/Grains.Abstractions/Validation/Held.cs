namespace KeysCluster.Validation;

/// <summary>What a process holds of one owner of secrets, and under which lease it may be used.</summary>
/// <param name="epoch">Of the lease; 0 when there was none.</param>
/// <param name="timestamp">By the monotonic clock, before the read or write that it comes from began.</param>
internal abstract class Held(long epoch, long timestamp)
{
    public long Epoch => epoch;

    public long Timestamp { get; private protected set; } = timestamp;

    /// <summary>Of two, the later one of the owner's changes.</summary>
    public abstract long Revision { get; }

    /// <summary>
    /// Takes over what another one of the same revision and epoch holds beside it, before this one takes its place.
    /// </summary>
    public virtual void Absorb(Held other)
    {
    }
}
