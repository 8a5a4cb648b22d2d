using System.Text.Json.Serialization;

namespace KeysCluster.Client;

/// <summary>Whether a virtual key can be used. An expired key keeps its status.</summary>
[JsonConverter(typeof(KnownValueConverter<VirtualKeyStatus>))]
public enum VirtualKeyStatus
{
    /// <summary>A value that this version of the client does not know.</summary>
    Unknown,

    /// <summary>The key is enabled.</summary>
    Active,

    /// <summary>Every secret is refused until the key is enabled again.</summary>
    Disabled,

    /// <summary>The key is revoked. This is final.</summary>
    Revoked,
}
