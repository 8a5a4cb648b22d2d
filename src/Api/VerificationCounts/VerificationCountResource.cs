using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.VerificationCounts;

/// <summary>How often a verdict was given.</summary>
internal sealed record VerificationCountResource
{
    public required VerdictCode Code { get; init; }

    public required long Count { get; init; }
}
