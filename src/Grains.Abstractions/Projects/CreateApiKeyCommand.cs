using KeysCluster.Idempotency;
using KeysCluster.Secrets;

namespace KeysCluster.Projects;

/// <summary>Creates an API key of a project.</summary>
[GenerateSerializer, Immutable, Alias("KeysCluster.CreateApiKey")]
public sealed record CreateApiKeyCommand : IIdempotentCommand
{
    /// <summary>
    /// The identity on whose behalf the API key is created. An API key creates only what has no more permissions, and
    /// expires no later, than itself.
    /// </summary>
    [Id(0)] public required Caller Caller { get; init; }

    /// <summary>The id of the new API key.</summary>
    [Id(1)] public required ApiKeyId Id { get; init; }

    /// <summary>1 to <see cref="ApiKeyLimits.MaxNameLength"/> characters.</summary>
    [Id(2)] public required string Name { get; init; }

    /// <summary>What the API key may do, out of <see cref="ApiKeyPermissions.All"/>.</summary>
    [Id(3)] public required IReadOnlyList<string> Permissions { get; init; }

    /// <summary>The instant from which the API key is invalid, later than now; null for no expiry.</summary>
    [Id(4)] public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The first secret.</summary>
    [Id(5)] public required NewSecret Secret { get; init; }

    /// <summary>Set when the caller may repeat this command.</summary>
    [Id(6)] public IdempotentRequest? Idempotency { get; init; }
}
