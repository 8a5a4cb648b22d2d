using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace KeysCluster.Storage.Tests;

/// <summary>The last change of a state. An older build writes only the first three members.</summary>
internal sealed record TestChange(
    [property: JsonPropertyName("action")] string Action,
    [property: JsonPropertyName("actor")] string Actor,
    [property: JsonPropertyName("at")] string At)
{
    [JsonPropertyName("number")]
    public long? Number { get; init; }

    [JsonPropertyName("actor_kind")]
    public string? ActorKind { get; init; }

    [JsonPropertyName("actor_id")]
    public string? ActorId { get; init; }

    [JsonPropertyName("request_id")]
    public string? RequestId { get; init; }

    [JsonPropertyName("source_address")]
    public string? SourceAddress { get; init; }

    [JsonPropertyName("secret_id")]
    public string? SecretId { get; init; }

    [JsonPropertyName("changes")]
    public JsonObject? Changes { get; init; }
}
