using System.Text.Json.Serialization;

namespace KeysCluster.Client;

/// <summary>How another system hashed the secrets of its keys.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ImportedHashAlgorithm>))]
public enum ImportedHashAlgorithm
{
    /// <summary>SHA-256 of the secret.</summary>
    [JsonStringEnumMemberName("sha256")]
    Sha256,

    /// <summary>SHA-512 of the secret.</summary>
    [JsonStringEnumMemberName("sha512")]
    Sha512,

    /// <summary>HMAC-SHA-256 of the secret, with a key that the silos have in their settings.</summary>
    [JsonStringEnumMemberName("hmac-sha256")]
    HmacSha256,
}
