using System.Text.Json.Serialization;

namespace KeysCluster.Api.Imports;

/// <summary>How the other system hashed the secrets of its keys.</summary>
internal enum ImportedHashAlgorithm
{
    Sha256,

    Sha512,

    [JsonStringEnumMemberName("hmac-sha256")]
    HmacSha256,
}
