using KeysCluster.Secrets;

namespace KeysCluster.Projects;

/// <summary>The API key that a presented secret belongs to, and what its holder may do now.</summary>
/// <param name="Id">The id of the API key.</param>
/// <param name="SecretId">The id of the presented secret.</param>
/// <param name="Permissions">The permissions of the API key.</param>
/// <param name="IsRetiring">
/// Whether the presented secret was replaced by a rotation and is inside its grace period. It may then only be used to
/// read and to verify.
/// </param>
/// <param name="ProjectStatus">
/// The status of the project. API keys of an archived project are not authenticated.
/// </param>
[GenerateSerializer, Immutable, Alias("KeysCluster.AuthenticatedApiKey")]
public sealed record AuthenticatedApiKey(
    [property: Id(0)] ApiKeyId Id,
    [property: Id(1)] SecretId SecretId,
    [property: Id(2)] IReadOnlyList<string> Permissions,
    [property: Id(3)] bool IsRetiring,
    [property: Id(4)] ProjectStatus ProjectStatus);
