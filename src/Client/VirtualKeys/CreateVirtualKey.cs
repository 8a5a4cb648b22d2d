using System.Text.Json;

namespace KeysCluster.Client;

/// <summary>A virtual key to create. The service documents the limits of the members.</summary>
public sealed record CreateVirtualKey
{
    /// <summary>1 to 128 characters; need not be unique.</summary>
    public required string Name { get; init; }

    /// <summary>Up to 4,000 characters.</summary>
    public string? Description { get; init; }

    /// <summary>What the key is for.</summary>
    public VirtualKeyEnvironment Environment { get; init; } = VirtualKeyEnvironment.Live;

    /// <summary>The user for whom the key is created.</summary>
    public string? PrincipalUserId { get; init; }

    /// <summary>The credentials of providers that the key stands for.</summary>
    public IReadOnlyList<string>? ProviderCredentialIds { get; init; }

    /// <summary>From this time on the key is refused.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>What the key may do, such as <c>chat:write</c> or <c>models:*</c>.</summary>
    public IReadOnlyList<string>? Permissions { get; init; }

    /// <summary>The id of the key in another system, unique in the project.</summary>
    public string? ExternalId { get; init; }

    /// <summary>Up to 40 entries.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>A JSON object of up to 16 KB for gateways to enforce.</summary>
    public JsonElement? Config { get; init; }

    /// <summary>The addresses and CIDR ranges from which the key may be used.</summary>
    public IReadOnlyList<string>? AllowedIps { get; init; }
}
