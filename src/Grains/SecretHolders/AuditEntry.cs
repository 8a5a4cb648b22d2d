using System.Text.Json;
using System.Text.Json.Serialization;

namespace KeysCluster.Grains.SecretHolders;

/// <summary>
/// The last change of a state. Storage copies it to the audit table in the transaction that writes the state.
/// </summary>
internal sealed record AuditEntry(string Action, string Actor, DateTimeOffset At)
{
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? UnknownMembers { get; init; }
}
