using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Linearizability;

/// <summary>What a caller asks of a key. Secrets are letters here; a key is created with the secret <c>a</c>.</summary>
internal abstract record Request
{
    public sealed record Rotate(char Secret) : Request;

    public sealed record Validate(char Secret) : Request;

    public sealed record Revoke : Request;

    public sealed record Get : Request;
}

/// <summary>What a caller is told.</summary>
internal abstract record Answer
{
    public sealed record Changed(ChangeOutcome Outcome) : Answer;

    public sealed record Judged(VerdictCode Code) : Answer;

    public sealed record Shown(long Revision, char Current, bool IsRevoked) : Answer;
}

/// <summary>
/// A call as its caller saw it: it took effect at one instant between start and end. A call without an answer may have
/// taken effect at any instant after its start, or never.
/// </summary>
internal sealed record Call(Request Request, long Start, long End, Answer? Answer)
{
    public static Call Unanswered(Request request, long start) => new(request, start, long.MaxValue, null);
}
