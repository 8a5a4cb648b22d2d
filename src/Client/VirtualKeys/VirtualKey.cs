using System.Text.Json;

namespace KeysCluster.Client;

/// <summary>A virtual key. It contains no secret.</summary>
public sealed record VirtualKey
{
    /// <summary>The id: <c>vk_</c> and a ULID.</summary>
    public required string Id { get; init; }

    /// <summary>The project of the key.</summary>
    public required string ProjectId { get; init; }

    /// <summary>The id of the current secret.</summary>
    public required string SecretId { get; init; }

    /// <summary>The first characters of the current secret, enough to distinguish secrets.</summary>
    public required string DisplayPrefix { get; init; }

    /// <summary>The name, which need not be unique.</summary>
    public required string Name { get; init; }

    /// <summary>A description.</summary>
    public string? Description { get; init; }

    /// <summary>What the key is for.</summary>
    public required VirtualKeyEnvironment Environment { get; init; }

    /// <summary>Whether the key can be used.</summary>
    public required VirtualKeyStatus Status { get; init; }

    /// <summary>The user for whom the key was created.</summary>
    public string? PrincipalUserId { get; init; }

    /// <summary>The credentials of providers that the key stands for.</summary>
    public IReadOnlyList<string> ProviderCredentialIds { get; init; } = [];

    /// <summary>A decimal number that starts at 1 and increases by one with each change.</summary>
    public required string Revision { get; init; }

    /// <summary>The last successful validation of any secret; null before the first.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>The last successful validation of the current secret.</summary>
    public DateTimeOffset? SecretLastUsedAt { get; init; }

    /// <summary>When the key was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the key was changed last.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>From this time on the key is refused; null if it does not expire.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When the key was disabled; null while it is enabled.</summary>
    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>Why the key was disabled.</summary>
    public string? DisabledReason { get; init; }

    /// <summary>When the key was revoked.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>What the key may do. A trailing asterisk matches any end.</summary>
    public IReadOnlyList<string> Permissions { get; init; } = [];

    /// <summary>The id of the key in another system; unique in the project until the key is revoked.</summary>
    public string? ExternalId { get; init; }

    /// <summary>Entries without a meaning for the service.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>A JSON object for gateways to enforce.</summary>
    public JsonElement Config { get; init; }

    /// <summary>The addresses from which the key may be used, as CIDR ranges; empty for any.</summary>
    public IReadOnlyList<string> AllowedIps { get; init; } = [];

    /// <summary>Replaced secrets that are still valid, latest deadline first.</summary>
    public IReadOnlyList<RetiringSecret> RetiringSecrets { get; init; } = [];
}
