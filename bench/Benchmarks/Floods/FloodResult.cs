namespace KeysCluster.Benchmarks.Floods;

/// <summary>The figures of one round of a flood.</summary>
/// <param name="Requests">The requests, or the bytes of slow connections.</param>
/// <param name="Statuses">The number of responses by status code.</param>
/// <param name="Reconnects">The connections that the server closed, or did not accept.</param>
internal sealed record FloodResult(long Requests, IReadOnlyDictionary<int, long> Statuses, long Reconnects)
{
    public double Seconds { get; init; }

    /// <summary>The processor time of the generator.</summary>
    public double ProcessorSeconds { get; init; }
}
