namespace KeysCluster.Cluster.EndToEnd.History;

/// <summary>A secret in a state.</summary>
/// <param name="Deadline">The time from which it is invalid; null for the current secret.</param>
/// <param name="IsExpired">Whether a call has expired it.</param>
internal sealed record SecretRecord(DateTimeOffset? Deadline = null, bool IsExpired = false)
{
    /// <summary>Returns whether the secret is expired at a time.</summary>
    public bool HasExpired(DateTimeOffset at) => IsExpired || Deadline <= at;
}
