using KeysCluster.Secrets;

namespace KeysCluster.Api.Secrets;

/// <summary>A replaced secret in its grace period.</summary>
internal sealed record RetiringSecretResource
{
    /// <summary>The id of the secret, to expire it or to change its deadline.</summary>
    public required string Id { get; init; }

    /// <summary>The first characters of the secret.</summary>
    public required string DisplayPrefix { get; init; }

    /// <summary>The deadline. The secret is valid before this time, and invalid from this time on.</summary>
    public required DateTimeOffset ValidUntil { get; init; }

    /// <summary>The last successful validation of the secret. Shows when it is safe to expire the secret.</summary>
    public required DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>The address of the client at the last use; null if unknown.</summary>
    public required string? LastUsedFrom { get; init; }

    public static RetiringSecretResource From(RetiringSecret secret) => new()
    {
        Id = secret.Id.ToString(),
        DisplayPrefix = secret.DisplayPrefix,
        ValidUntil = secret.ValidUntil,
        LastUsedAt = secret.LastUsedAt,
        LastUsedFrom = secret.LastUsedFrom,
    };
}
