using KeysCluster.VirtualKeys;

namespace KeysCluster.VerificationCounts;

/// <summary>The verifications of a period of <see cref="VerificationLimits.BucketSize"/>.</summary>
/// <param name="Start">The start of the period.</param>
/// <param name="Counts">The number of each verdict that was given.</param>
[GenerateSerializer, Immutable, Alias("KeysCluster.VerificationBucket")]
public sealed record VerificationBucket(
    [property: Id(0)] DateTimeOffset Start,
    [property: Id(1)] IReadOnlyDictionary<VerdictCode, long> Counts);
