using KeysCluster.Projects;

namespace KeysCluster.Api.Projects;

/// <summary>One API key.</summary>
internal sealed record ApiKeyResponse(ApiKeyResource ApiKey)
{
    public static ApiKeyResponse From(ApiKey key) => new(ApiKeyResource.From(key));
}
