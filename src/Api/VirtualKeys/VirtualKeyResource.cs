using System.Globalization;
using System.Text.Json;
using KeysCluster.Api.Secrets;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.VirtualKeys;

/// <summary>A virtual key. The contract requires eleven of its members; others may be added.</summary>
internal sealed record VirtualKeyResource
{
    private static readonly JsonElement EmptyConfig = JsonElement.Parse("{}");

    public required string Id { get; init; }

    public required string ProjectId { get; init; }

    /// <summary>The id of the current secret.</summary>
    public required string SecretId { get; init; }

    /// <summary>The first characters of the current secret, enough to distinguish secrets.</summary>
    public required string DisplayPrefix { get; init; }

    public required string Name { get; init; }

    public required string? Description { get; init; }

    public required VirtualKeyEnvironment Environment { get; init; }

    public required VirtualKeyStatus Status { get; init; }

    public required string? PrincipalUserId { get; init; }

    public required IReadOnlyList<string> ProviderCredentialIds { get; init; }

    /// <summary>A decimal number. It starts at "1" and increases by one with each change, not with a use.</summary>
    public required string Revision { get; init; }

    /// <summary>The last successful validation. Lists can be two minutes behind; a crash can lose as much.</summary>
    public required DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>The last successful validation of the current secret.</summary>
    public required DateTimeOffset? SecretLastUsedAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>From this time on the key is invalid; null if it does not expire.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When the key was disabled; null while it is enabled.</summary>
    public required DateTimeOffset? DisabledAt { get; init; }

    public required string? DisabledReason { get; init; }

    public required DateTimeOffset? RevokedAt { get; init; }

    /// <summary>What the key may do. A trailing asterisk matches any end.</summary>
    public required IReadOnlyList<string> Permissions { get; init; }

    /// <summary>The id of the key in another system; unique in the project until the key is revoked.</summary>
    public required string? ExternalId { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>A JSON object for gateways to enforce.</summary>
    public required JsonElement Config { get; init; }

    /// <summary>The addresses from which the key may be used, as CIDR ranges; empty for any.</summary>
    public required IReadOnlyList<string> AllowedIps { get; init; }

    /// <summary>Replaced secrets that are still valid, latest deadline first.</summary>
    public required IReadOnlyList<RetiringSecretResource> RetiringSecrets { get; init; }

    // The members that follow are for clients of LangWatch, which read them. They are the same for every key, or repeat
    // another member.

    /// <summary>The id of the project: this service has no organizations.</summary>
    public required string OrganizationId { get; init; }

    /// <summary>The project of the key.</summary>
    public required IReadOnlyList<Scope> Scopes { get; init; }

    public string Purpose { get; } = "user";

    public string? TraceProjectId { get; }

    public bool TraceProjectArchived { get; }

    public string? RoutingPolicyId { get; }

    public string RoutingMode { get; } = "none";

    /// <summary>The same as display_prefix.</summary>
    public string Prefix => DisplayPrefix;

    /// <summary>Empty: the end of a secret is not stored.</summary>
    public string LastFour { get; } = "";

    /// <summary>The number of provider_credential_ids.</summary>
    public int FallbackChainLength => ProviderCredentialIds.Count;

    /// <summary>What a key belongs to.</summary>
    internal sealed record Scope(string ScopeType, string ScopeId);

    public static VirtualKeyResource From(VirtualKey key) => new()
    {
        Id = key.Id.ToString(),
        ProjectId = key.ProjectId.ToString(),
        SecretId = key.SecretId.ToString(),
        DisplayPrefix = key.DisplayPrefix,
        Name = key.Name,
        Description = key.Description,
        Environment = key.Environment,
        Status = key.Status,
        PrincipalUserId = key.PrincipalUserId,
        ProviderCredentialIds = key.ProviderCredentialIds,
        Revision = key.Revision.ToString(CultureInfo.InvariantCulture),
        LastUsedAt = key.LastUsedAt,
        SecretLastUsedAt = key.SecretLastUsedAt,
        CreatedAt = key.CreatedAt,
        UpdatedAt = key.UpdatedAt,
        ExpiresAt = key.ExpiresAt,
        DisabledAt = key.DisabledAt,
        DisabledReason = key.DisabledReason,
        RevokedAt = key.RevokedAt,
        Permissions = key.Permissions,
        ExternalId = key.ExternalId,
        Metadata = key.Metadata,
        Config = key.Config is null ? EmptyConfig : JsonElement.Parse(key.Config),
        AllowedIps = [.. key.AllowedIps.Select(range => range.ToString())],
        OrganizationId = key.ProjectId.ToString(),
        Scopes = [new Scope("project", key.ProjectId.ToString())],
        RetiringSecrets = [.. key.RetiringSecrets.Select(RetiringSecretResource.From)],
    };
}
