using System.Text.Json.Serialization;
using KeysCluster.Projects;

namespace KeysCluster.Api.Projects;

/// <summary>A project and a new API key, which only this response and its replays show.</summary>
internal sealed record ProjectWithApiKeyResponse : ProjectResponse
{
    private ProjectWithApiKeyResponse(Project project, string apiKey) : base(project) =>
        (ApiKey, ServiceApiKey, ServiceApiKeyId) = (apiKey, apiKey, ApiKeyId.First(project.Id).ToString());

    public string ApiKey { get; }

    /// <summary>The same as api_key.</summary>
    [JsonPropertyName("serviceApiKey")]
    public string ServiceApiKey { get; }

    /// <summary>The id of the API key, under which it can be read and rotated.</summary>
    [JsonPropertyName("serviceApiKeyId")]
    public string ServiceApiKeyId { get; }

    public static ProjectWithApiKeyResponse From(Project project, string apiKey) => new(project, apiKey);
}
