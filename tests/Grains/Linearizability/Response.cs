using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Linearizability;

/// <summary>The response to a <see cref="Request"/>.</summary>
internal abstract record Response
{
    public sealed record Changed(ChangeOutcome Outcome) : Response;

    public sealed record Validated(VerdictCode Code) : Response;

    public sealed record Retrieved(long Revision, char Current, bool IsRevoked) : Response;
}
