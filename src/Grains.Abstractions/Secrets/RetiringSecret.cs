namespace KeysCluster.Secrets;

/// <summary>A replaced secret inside its grace period.</summary>
[GenerateSerializer, Immutable, Alias("KeysCluster.RetiringSecret")]
public sealed record RetiringSecret
{
    /// <summary>The id by which it can be expired or given another deadline.</summary>
    [Id(0)] public required SecretId Id { get; init; }

    /// <summary>The part of the secret that may be displayed.</summary>
    [Id(1)] public required string DisplayPrefix { get; init; }

    /// <summary>The deadline: the secret is valid before this instant and invalid from it on.</summary>
    [Id(2)] public required DateTimeOffset ValidUntil { get; init; }

    /// <summary>
    /// The time of the last successful validation; null when there was none. It shows whether the secret can be expired
    /// without rejecting a client that still uses it.
    /// </summary>
    [Id(3)] public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>The address of the client at the last use; null if unknown.</summary>
    [Id(4)] public string? LastUsedFrom { get; init; }
}
