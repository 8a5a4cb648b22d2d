using KeysCluster.Api.Secrets;
using KeysCluster.Projects;

namespace KeysCluster.Api.Projects;

/// <summary>
/// The part of a project that a caller without the permission <c>project:manage</c> sees after it has changed retiring
/// secrets: those of the API key with which the project was created.
/// </summary>
internal sealed record RetiringApiKeysResponse(RetiringApiKeysResponse.Resource Project)
{
    /// <summary>The sentence about it in the description of an endpoint.</summary>
    public const string Note =
        "Without project:manage, the response has only `project`, with its `id`, `api_key_id`, "
        + "`api_key_display_prefix`, `api_key_last_used_at` and `retiring_api_keys`.";

    /// <summary>The secrets of the API key with which a project was created.</summary>
    internal sealed record Resource(
        string Id,
        string ApiKeyId,
        string ApiKeyDisplayPrefix,
        DateTimeOffset? ApiKeyLastUsedAt,
        IReadOnlyList<RetiringSecretResource> RetiringApiKeys);

    public static RetiringApiKeysResponse From(Project project) => new(new Resource(
        project.Id.ToString(),
        project.ApiKeyId.ToString(),
        project.ApiKeyDisplayPrefix,
        project.ApiKeyLastUsedAt,
        [.. project.RetiringApiKeys.Select(RetiringSecretResource.From)]));
}
