namespace KeysCluster.Grains.Storage;

/// <summary>How a write of a state ended. The names are the values of the tag <c>outcome</c>.</summary>
internal enum WriteOutcome
{
    /// <summary>The state is durable.</summary>
    Written,

    /// <summary>The database refused the write because of a rule, and nothing was written.</summary>
    Refused,

    /// <summary>The write failed, and may have been committed nevertheless.</summary>
    Unknown,
}
