namespace KeysCluster.VerificationCounts;

/// <summary>The verifications of a project.</summary>
/// <param name="Since">
/// Since when they are counted: about 24 hours ago, or later if the counts began again since.
/// </param>
/// <param name="Buckets">The periods in which there were any, oldest first.</param>
[GenerateSerializer, Immutable, Alias("KeysCluster.VerificationHistory")]
public sealed record VerificationHistory(
    [property: Id(0)] DateTimeOffset Since,
    [property: Id(1)] IReadOnlyList<VerificationBucket> Buckets);
