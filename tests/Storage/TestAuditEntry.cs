using System.Text.Json.Serialization;

namespace KeysCluster.Storage.Tests;

internal sealed record TestAuditEntry(
    [property: JsonPropertyName("action")] string Action,
    [property: JsonPropertyName("actor")] string Actor,
    [property: JsonPropertyName("at")] string At);
