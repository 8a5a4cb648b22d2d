namespace KeysCluster.Client;

/// <summary>An API key to create.</summary>
public sealed record CreateApiKey
{
    /// <summary>1 to 128 characters.</summary>
    public required string Name { get; init; }

    /// <summary>What it may do: <see cref="ApiKeyPermissions"/>. The caller must have each of them.</summary>
    public required IReadOnlyList<string> Permissions { get; init; }

    /// <summary>From this time on it is refused.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
