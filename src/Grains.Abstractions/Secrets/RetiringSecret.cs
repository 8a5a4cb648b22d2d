namespace KeysCluster.Secrets;

/// <summary>A replaced secret inside its grace period, as people see it.</summary>
/// <param name="DisplayPrefix">What people may see of the secret.</param>
/// <param name="ValidUntil">It works before this instant and no longer from this instant on.</param>
[GenerateSerializer, Immutable, Alias("KeysCluster.RetiringSecret")]
public sealed record RetiringSecret(
    [property: Id(0)] string DisplayPrefix,
    [property: Id(1)] DateTimeOffset ValidUntil);
