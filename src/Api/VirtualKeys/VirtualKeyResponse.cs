using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.VirtualKeys;

/// <summary>One virtual key.</summary>
internal sealed record VirtualKeyResponse(VirtualKeyResource VirtualKey)
{
    public static VirtualKeyResponse From(VirtualKey key) => new(VirtualKeyResource.From(key));
}

/// <summary>A virtual key and its new secret. No other response shows the secret.</summary>
internal sealed record VirtualKeyWithSecretResponse(VirtualKeyResource VirtualKey, string Secret);
