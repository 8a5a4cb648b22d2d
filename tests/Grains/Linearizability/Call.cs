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
internal abstract record Response
{
    public sealed record Changed(ChangeOutcome Outcome) : Response;

    public sealed record Validated(VerdictCode Code) : Response;

    public sealed record Retrieved(long Revision, char Current, bool IsRevoked) : Response;
}

/// <summary>
/// A call as its caller saw it: it took effect at one instant between start and end. A call without an answer may have
/// taken effect at any instant after its start, or never.
/// </summary>
internal sealed record Call(Request Request, long Start, long End, Response? Response)
{
    public static Call WithoutResponse(Request request, long start) => new(request, start, long.MaxValue, null);
}
