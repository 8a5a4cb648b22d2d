namespace KeysCluster.Api.Projects;

/// <summary>An API key and its new secret, which only this response and its replays show.</summary>
internal sealed record ApiKeyWithSecretResponse(ApiKeyResource ApiKey, string Secret);
