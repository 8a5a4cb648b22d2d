namespace KeysCluster.Cluster.EndToEnd.History;

/// <summary>The result of a call, as its caller knows it.</summary>
internal enum Outcome
{
    /// <summary>The response was a success: the call took effect between its start and its end.</summary>
    Done,

    /// <summary>The response was a refusal (4xx): the call had no effect.</summary>
    Refused,

    /// <summary>
    /// The response was a 503 or another failure, or there was none: the call took effect at any time after its start,
    /// or never. The events at the end of a run show which.
    /// </summary>
    Unknown,
}
