using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using KeysCluster.Grains.Storage;

namespace KeysCluster.Grains.Tests.TestSilo;

/// <summary>A stored state, as the text that a database would contain.</summary>
internal sealed record StoredRow(string StateName, string Json, int Version)
{
    public string ETag => Version.ToString(CultureInfo.InvariantCulture);

    public T DeserializeState<T>() => JsonSerializer.Deserialize<T>(Json, StateJson.Options)!;

    public JsonObject ParseJson() => JsonNode.Parse(Json)!.AsObject();

    public StoredRow WithJson(string json) => this with { Json = json, Version = Version + 1 };
}
