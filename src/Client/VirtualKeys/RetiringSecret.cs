namespace KeysCluster.Client;

/// <summary>A replaced secret that is still valid.</summary>
public sealed record RetiringSecret
{
    /// <summary>The id of the secret, which is not secret.</summary>
    public required string Id { get; init; }

    /// <summary>The first characters of the secret.</summary>
    public required string DisplayPrefix { get; init; }

    /// <summary>From this time on, the secret is refused.</summary>
    public required DateTimeOffset ValidUntil { get; init; }

    /// <summary>The last successful validation; null before the first. Accurate to about a minute.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>The address of the last use, if the caller of the validation gave it.</summary>
    public string? LastUsedFrom { get; init; }

    /// <summary>
    /// Returns whether nobody has used the secret for an hour since another one replaced it. A service that uses it
    /// less often is not noticed.
    /// </summary>
    /// <param name="replacedAt">The time of the rotation.</param>
    /// <param name="now">The current time.</param>
    public bool IsUnused(DateTimeOffset replacedAt, DateTimeOffset now) =>
        now - (LastUsedAt > replacedAt ? LastUsedAt.Value : replacedAt) > TimeSpan.FromHours(1);
}
