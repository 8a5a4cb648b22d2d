namespace KeysCluster.Api.VirtualKeys;

/// <summary>A virtual key and its new secret, which only this response and its replays show.</summary>
internal sealed record VirtualKeyWithSecretResponse(VirtualKeyResource VirtualKey, string Secret);
