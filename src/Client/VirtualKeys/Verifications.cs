namespace KeysCluster.Client;

/// <summary>How often which verdict was given.</summary>
public sealed record Verifications
{
    /// <summary>
    /// Since when verifications are counted: about 24 hours ago, or later if a restart of the service began again.
    /// </summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The length of each period, in seconds.</summary>
    public required int BucketSeconds { get; init; }

    /// <summary>The periods with verifications, oldest first.</summary>
    public required IReadOnlyList<VerificationBucket> Data { get; init; }
}
