namespace KeysCluster.Secrets;

/// <summary>A replaced secret inside its grace period, as people see it.</summary>
[GenerateSerializer, Immutable, Alias("KeysCluster.RetiringSecret")]
public sealed record RetiringSecret
{
    /// <summary>Names it, to cut it or to change its deadline.</summary>
    [Id(0)] public required SecretId Id { get; init; }

    /// <summary>What people may see of the secret.</summary>
    [Id(1)] public required string DisplayPrefix { get; init; }

    /// <summary>It works before this instant and no longer from this instant on.</summary>
    [Id(2)] public required DateTimeOffset ValidUntil { get; init; }

    /// <summary>When a validation of it last succeeded; null when none did. Tells whether cutting it is safe.</summary>
    [Id(3)] public DateTimeOffset? LastUsedAt { get; init; }
}
