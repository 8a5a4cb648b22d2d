using KeysCluster.VerificationCounts;

namespace KeysCluster.Api.VerificationCounts;

/// <summary>The verifications of a period.</summary>
internal sealed record VerificationBucketResource
{
    /// <summary>The start of the period.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>The verdicts that were given.</summary>
    public required IReadOnlyList<VerificationCountResource> Counts { get; init; }

    public static VerificationBucketResource From(VerificationBucket bucket) => new()
    {
        Start = bucket.Start,
        Counts =
        [
            .. bucket.Counts.OrderBy(count => count.Key).Where(count => Enum.IsDefined(count.Key)).Select(count =>
                new VerificationCountResource { Code = count.Key, Count = count.Value }),
        ],
    };
}
