using KeysCluster.Secrets;

namespace KeysCluster.Api;

/// <summary>A replaced secret inside its grace period, on the wire.</summary>
internal sealed record RetiringSecretBody
{
    /// <summary>Names it, to cut it or to change its deadline.</summary>
    public required string Id { get; init; }

    public required string DisplayPrefix { get; init; }

    /// <summary>It works before this instant and no longer from this instant on.</summary>
    public required DateTimeOffset ValidUntil { get; init; }

    /// <summary>When it was last used with success; tells whether cutting it is safe.</summary>
    public required DateTimeOffset? LastUsedAt { get; init; }

    public static RetiringSecretBody Of(RetiringSecret secret) => new()
    {
        Id = secret.Id.ToString(),
        DisplayPrefix = secret.DisplayPrefix,
        ValidUntil = secret.ValidUntil,
        LastUsedAt = secret.LastUsedAt,
    };
}
