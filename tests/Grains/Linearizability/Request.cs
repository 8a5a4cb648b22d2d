namespace KeysCluster.Grains.Tests.Linearizability;

/// <summary>A call to a key. Letters stand for secrets. A key is created with secret <c>a</c>.</summary>
internal abstract record Request
{
    public sealed record Rotate(char Secret) : Request;

    public sealed record Validate(char Secret) : Request;

    public sealed record Revoke : Request;

    public sealed record Get : Request;
}
