using System.Text.Json;
using System.Text.Json.Serialization;

namespace KeysCluster.Client;

/// <summary>The JSON of the service. Members that a newer service adds are ignored.</summary>
internal static class KeysJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };
}
