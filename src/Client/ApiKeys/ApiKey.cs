namespace KeysCluster.Client;

/// <summary>An API key of a project. It contains no secret.</summary>
public sealed record ApiKey
{
    /// <summary>The id: <c>apikey_</c> and a ULID.</summary>
    public required string Id { get; init; }

    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>What the API key may do.</summary>
    public required IReadOnlyList<string> Permissions { get; init; }

    /// <summary>From this time on it is refused; null if it does not expire.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The last request that it authenticated; null before the first.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>The id of the current secret.</summary>
    public required string SecretId { get; init; }

    /// <summary>The first characters of the current secret.</summary>
    public required string DisplayPrefix { get; init; }

    /// <summary>Replaced secrets that are still accepted, latest deadline first.</summary>
    public IReadOnlyList<RetiringSecret> RetiringSecrets { get; init; } = [];
}
