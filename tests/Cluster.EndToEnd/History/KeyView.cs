namespace KeysCluster.Cluster.EndToEnd.History;

/// <summary>A key in a response.</summary>
/// <param name="Revision">The revision; each change adds one.</param>
/// <param name="Secret">The id of the current secret.</param>
/// <param name="IsRevoked">Whether the key is revoked.</param>
/// <param name="IsDisabled">Whether the key is disabled.</param>
/// <param name="Retiring">The deadlines of the retiring secrets, by their ids.</param>
internal sealed record KeyView(
    long Revision,
    string Secret,
    bool IsRevoked,
    bool IsDisabled,
    IReadOnlyDictionary<string, DateTimeOffset> Retiring);
