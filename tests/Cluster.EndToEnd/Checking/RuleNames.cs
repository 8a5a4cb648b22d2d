namespace KeysCluster.Cluster.EndToEnd.Checking;

/// <summary>The names of the rules, as reports show them.</summary>
internal static class RuleNames
{
    /// <summary>A secret was accepted after a response or its deadline had made it invalid.</summary>
    public const string AcceptedAfterInvalidation = nameof(AcceptedAfterInvalidation);

    /// <summary>A verdict contained another deadline than the response to the rotation.</summary>
    public const string DeadlineMismatch = nameof(DeadlineMismatch);

    /// <summary>A valid secret was rejected.</summary>
    public const string RejectedWithoutReason = nameof(RejectedWithoutReason);

    /// <summary>A secret of a revoked key was rejected with another code than <c>revoked</c>.</summary>
    public const string WrongCodeForRevokedKey = nameof(WrongCodeForRevokedKey);

    /// <summary>A call was refused (4xx) for an impossible reason.</summary>
    public const string RefusedWithoutReason = nameof(RefusedWithoutReason);

    /// <summary>Two responses to the same idempotency key contained different secrets.</summary>
    public const string DifferentSecretOnReplay = nameof(DifferentSecretOnReplay);

    /// <summary>
    /// An acknowledged change is missing from the final state, or the final state has an unrequested one.
    /// </summary>
    public const string ChangeLost = nameof(ChangeLost);

    /// <summary>A healthy process did not respond.</summary>
    public const string NoResponseWhenHealthy = nameof(NoResponseWhenHealthy);
}
