using System.Text.Json.Serialization;
using KeysCluster.Projects;

namespace KeysCluster.Api.Projects;

/// <summary>
/// A new API key, which only this response and its replays show, for a caller without the permission
/// <c>project:manage</c>: with the part of the project that belongs to the API key.
/// </summary>
internal sealed record RotatedApiKeyResponse(
    RetiringApiKeysResponse.Resource Project,
    string ApiKey,
    [property: JsonPropertyName("serviceApiKey")] string ServiceApiKey,
    [property: JsonPropertyName("serviceApiKeyId")] string ServiceApiKeyId)
{
    /// <summary>The sentence about it in the description of an endpoint.</summary>
    public const string Note =
        "Without project:manage, the response has only the new API key, and `project` with its `id`, `api_key_id`, "
        + "`api_key_display_prefix`, `api_key_last_used_at` and `retiring_api_keys`.";

    public static RotatedApiKeyResponse From(Project project, string apiKey) => new(
        RetiringApiKeysResponse.From(project).Project, apiKey, apiKey, ApiKeyId.First(project.Id).ToString());
}
