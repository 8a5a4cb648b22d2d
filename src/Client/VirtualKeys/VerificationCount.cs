namespace KeysCluster.Client;

/// <summary>How often a verdict was given.</summary>
/// <param name="Code">The verdict.</param>
/// <param name="Count">How often.</param>
public sealed record VerificationCount(VerdictCode Code, long Count);
