namespace KeysCluster.Client;

/// <summary>The verifications of a period.</summary>
public sealed record VerificationBucket
{
    /// <summary>The start of the period.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>The verdicts that were given.</summary>
    public IReadOnlyList<VerificationCount> Counts { get; init; } = [];
}
