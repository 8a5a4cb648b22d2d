namespace KeysCluster.Validation;

/// <summary>For how long what is held in memory may be used.</summary>
internal static class MemoryLimits
{
    /// <summary>
    /// An end of validity that is at least this far ahead need not be told: nobody answers from memory for as long.
    /// </summary>
    public static readonly TimeSpan Horizon = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Nothing is used for longer, so that an end of validity that is at least <see cref="Horizon"/> ahead is known
    /// everywhere before it comes.
    /// </summary>
    public static readonly TimeSpan LongestUse = Horizon - TimeSpan.FromMinutes(1);
}
