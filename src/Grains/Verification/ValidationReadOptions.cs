namespace KeysCluster.Grains.Verification;

/// <summary>The time limits of storage reads for validations.</summary>
internal sealed record ValidationReadOptions
{
    /// <summary>The limits of a silo.</summary>
    public static ValidationReadOptions Default { get; } = new()
    {
        QueueTimeout = TimeSpan.FromMilliseconds(800),
        ReadTimeout = TimeSpan.FromSeconds(2),
    };

    /// <summary>
    /// The time that a read waits in the queue, for both limits together. It is shorter than <see cref="ReadTimeout"/>:
    /// a read whose caller has left would only delay the ones behind it, until all of them time out.
    /// </summary>
    public required TimeSpan QueueTimeout { get; init; }

    /// <summary>
    /// The time that a caller waits at most. A REST call makes two reads within its time limit, one of them for its API
    /// key.
    /// </summary>
    public required TimeSpan ReadTimeout { get; init; }
}
