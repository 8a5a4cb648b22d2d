using System.Collections.ObjectModel;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using KeysCluster.Api.Http;
using KeysCluster.Api.VirtualKeys;
using KeysCluster.Imports;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.Imports;

/// <summary>A key of another system.</summary>
internal sealed record ImportedKeyRequest
{
    /// <summary>The hexadecimal text of a SHA-512 hash.</summary>
    private const int MaxHashLength = 128;

    /// <summary>The maximum length of the name of a setting.</summary>
    private const int MaxHmacKeyLength = 64;

    [Required(ErrorMessage = "is required.")]
    [StringLength(MaxHashLength, ErrorMessage = "is longer than any hash.")]
    [Description("The hash of the secret's text in UTF-8.")]
    public string Hash { get; init; } = null!;

    [Required(ErrorMessage = "is required.")]
    [Description("How the other system hashed the secret.")]
    public ImportedHashAlgorithm? Algorithm { get; init; }

    [Description("How the hash is written; base64 in either alphabet, with or without padding.")]
    public HashEncoding Encoding { get; init; }

    [StringLength(MaxHmacKeyLength, MinimumLength = 1, ErrorMessage = "must have 1 to 64 characters.")]
    [Description("For hmac-sha256, the name of the key in the setting Keys:ImportKeys of the silos.")]
    public string? HmacKey { get; init; }

    [Text(1, ImportLimits.MaxDisplayPrefixLength)]
    [Description("The start of the secret, which may be displayed. The default is `imported`.")]
    public string DisplayPrefix { get; init; } = "imported";

    [Required(ErrorMessage = "is required."), Text(1, VirtualKeyLimits.MaxNameLength)]
    [Description("1 to 128 characters; names need not be unique.")]
    public string Name { get; init; } = null!;

    [Text(0, VirtualKeyLimits.MaxDescriptionLength, IsMultiline = true)]
    public string? Description { get; init; }

    [Description("The environment of the secrets that replace the imported one.")]
    public VirtualKeyEnvironment Environment { get; init; } = VirtualKeyEnvironment.Live;

    [Text(1, VirtualKeyLimits.MaxPrincipalUserIdLength)]
    public string? PrincipalUserId { get; init; }

    [Description("From this time on the key is invalid; null if it does not expire.")]
    [JsonConverter(typeof(TimestampConverter))]
    public DateTimeOffset? ExpiresAt { get; init; }

    [Permissions]
    [Description("What the key may do, as when a key is created.")]
    public IReadOnlyList<string> Permissions { get; init; } = [];

    [Text(1, VirtualKeyLimits.MaxExternalIdLength)]
    [Description("The id of the key in the other system, unique in the project until the key is revoked.")]
    public string? ExternalId
    {
        get;
        init => field = value?.Trim();
    }

    [Metadata]
    [Description("At most 40 strings of up to 500 characters, by keys of 1 to 64 characters.")]
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    [AllowedIps]
    [Description("At most 32 addresses and CIDR ranges from which the key may be used; empty for any.")]
    public IReadOnlyList<string> AllowedIps { get; init; } = [];

    [Description("Whether the key is imported disabled, until it is enabled.")]
    public bool Disabled { get; init; }
}
