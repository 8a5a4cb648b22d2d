using System.Text.Json.Serialization;

namespace KeysCluster.Client;

/// <summary>What a virtual key is for. It cannot change, and its secrets show it.</summary>
[JsonConverter(typeof(KnownValueConverter<VirtualKeyEnvironment>))]
public enum VirtualKeyEnvironment
{
    /// <summary>A value that this version of the client does not know.</summary>
    Unknown,

    /// <summary>For production.</summary>
    Live,

    /// <summary>For tests.</summary>
    Test,
}
