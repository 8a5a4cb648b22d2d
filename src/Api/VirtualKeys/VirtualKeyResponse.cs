using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.VirtualKeys;

/// <summary>One virtual key.</summary>
internal sealed record VirtualKeyResponse(VirtualKeyResource VirtualKey)
{
    public static VirtualKeyResponse From(VirtualKey key) => new(VirtualKeyResource.From(key));
}
