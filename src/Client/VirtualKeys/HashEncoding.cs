using System.Text.Json.Serialization;

namespace KeysCluster.Client;

/// <summary>How the bytes of a hash are written.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HashEncoding>))]
public enum HashEncoding
{
    /// <summary>Hexadecimal digits, in either case.</summary>
    [JsonStringEnumMemberName("hex")]
    Hex,

    /// <summary>Base64 in the standard or the URL-safe alphabet, with or without padding.</summary>
    [JsonStringEnumMemberName("base64")]
    Base64,
}
