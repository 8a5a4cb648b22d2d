namespace KeysCluster.Cluster.EndToEnd.History;

/// <summary>A virtual key or project in a response.</summary>
/// <param name="Revision">The revision; each change adds one. Null for a project.</param>
/// <param name="Secret">The id of the current secret.</param>
/// <param name="IsRevoked">Whether the key is revoked.</param>
/// <param name="IsDisabled">Whether the key is disabled.</param>
/// <param name="Retiring">The deadlines of the retiring secrets, by their ids.</param>
/// <param name="ExpiresAt">When the key expires; null if it does not.</param>
/// <param name="CreatedAt">When the service created it, by the clock of a silo.</param>
/// <param name="HasPermission">Whether a virtual key has the permission of the workload.</param>
internal sealed record KeyView(
    long? Revision,
    string Secret,
    bool IsRevoked,
    bool IsDisabled,
    IReadOnlyDictionary<string, DateTimeOffset> Retiring,
    DateTimeOffset? ExpiresAt = null,
    DateTimeOffset CreatedAt = default,
    bool HasPermission = false);
