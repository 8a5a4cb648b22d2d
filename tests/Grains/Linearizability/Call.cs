namespace KeysCluster.Grains.Tests.Linearizability;

/// <summary>
/// A call as its caller observed it: it took effect at one instant between start and end. A call without a response may
/// have taken effect at any instant after its start, or never.
/// </summary>
internal sealed record Call(Request Request, long Start, long End, Response? Response)
{
    public static Call WithoutResponse(Request request, long start) => new(request, start, long.MaxValue, null);
}
