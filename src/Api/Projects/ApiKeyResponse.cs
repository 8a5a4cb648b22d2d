using KeysCluster.Projects;

namespace KeysCluster.Api.Projects;

/// <summary>One API key.</summary>
internal sealed record ApiKeyResponse(ApiKeyResource ApiKey)
{
    public static ApiKeyResponse From(ApiKey key) => new(ApiKeyResource.From(key));
}

/// <summary>An API key and its new secret, which only this response and its replays show.</summary>
internal sealed record ApiKeyWithSecretResponse(ApiKeyResource ApiKey, string Secret);
