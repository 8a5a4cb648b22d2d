using System.Text.Json.Nodes;

namespace KeysCluster.Silo.Moves;

/// <summary>
/// JSON with its members in the order of their names, and without white space. PostgreSQL stores neither.
/// </summary>
internal static class CanonicalJson
{
    public static string Format(string json) => Sort(JsonNode.Parse(json))?.ToJsonString() ?? "null";

    private static JsonNode? Sort(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(
            members
                .OrderBy(member => member.Key, StringComparer.Ordinal)
                .Select(member => KeyValuePair.Create(member.Key, Sort(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Sort)]),
        _ => node?.DeepClone(),
    };
}
