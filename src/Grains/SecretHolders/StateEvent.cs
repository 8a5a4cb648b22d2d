using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace KeysCluster.Grains.SecretHolders;

/// <summary>
/// The last event of a state. The database copies it to the event table in the transaction that writes the state, when
/// its number differs from that of the state before. JSON names are a storage contract.
/// </summary>
internal sealed record StateEvent
{
    /// <summary>The type, such as <c>rotated</c>. Types are stored and never change.</summary>
    [JsonPropertyName("action")]
    public required string Type { get; init; }

    /// <summary>
    /// The name of the actor: the display prefix of an API key, <c>admin</c>, or the name of a person or a service.
    /// </summary>
    public required string Actor { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The number of the event within its key or project, from 1; null from an earlier build.</summary>
    public long? Number { get; init; }

    public ActorKind? ActorKind { get; init; }

    public string? ActorId { get; init; }

    public string? RequestId { get; init; }

    public string? SourceAddress { get; init; }

    /// <summary>The secret that the event concerns; null when it concerns the whole key or project.</summary>
    public string? SecretId { get; init; }

    /// <summary>The old and new value of each field that the event changed, without hashes.</summary>
    public JsonObject? Changes { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? UnknownMembers { get; init; }

    public static StateEvent Create(string type, Caller caller, DateTimeOffset at, string? secretId = null) => new()
    {
        Type = type,
        Actor = caller.Actor,
        At = at,
        ActorKind = caller.Origin?.Kind ?? KeysCluster.ActorKind.Service,
        ActorId = caller.Origin?.ActorId,
        RequestId = caller.Origin?.RequestId,
        SourceAddress = caller.Origin?.SourceAddress,
        SecretId = secretId,
    };
}
