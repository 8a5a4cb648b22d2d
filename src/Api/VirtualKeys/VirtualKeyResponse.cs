using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.VirtualKeys;

/// <summary>One virtual key.</summary>
internal sealed record VirtualKeyResponse(VirtualKeyResource VirtualKey)
{
    public static VirtualKeyResponse From(VirtualKey key) => new(VirtualKeyResource.From(key));
}

/// <summary>A virtual key and its new secret, which only this response and its replays show.</summary>
internal sealed record VirtualKeyWithSecretResponse(VirtualKeyResource VirtualKey, string Secret);
