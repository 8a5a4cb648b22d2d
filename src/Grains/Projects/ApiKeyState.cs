using System.Text.Json;
using System.Text.Json.Serialization;
using KeysCluster.Grains.Secrets;
using KeysCluster.Projects;
using KeysCluster.Secrets;

namespace KeysCluster.Grains.Projects;

/// <summary>
/// An API key as the state of its project contains it. JSON names and meanings are a storage contract: members are
/// added, never changed.
/// </summary>
internal sealed record ApiKeyState
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>What the API key may do; null for everything, also for what later builds add.</summary>
    public IReadOnlyList<string>? Permissions { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required SecretSet Secrets { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? UnknownMembers { get; init; }

    /// <summary>The permissions that this build knows.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> GrantedPermissions => Permissions ?? ApiKeyPermissions.All;

    public bool HasExpired(DateTimeOffset now) => ExpiresAt <= now;

    public ApiKey ToApiKey(DateTimeOffset now) => new()
    {
        Id = ApiKeyId.Parse(Id),
        Name = Name,
        Permissions = GrantedPermissions,
        ExpiresAt = ExpiresAt,
        CreatedAt = CreatedAt,
        LastUsedAt = Secrets.GetLastUse(),
        SecretId = SecretId.Parse(Secrets.CurrentSecret.Id),
        DisplayPrefix = Secrets.CurrentSecret.DisplayPrefix,
        RetiringSecrets = Secrets.GetRetiringSecrets(now),
    };
}
