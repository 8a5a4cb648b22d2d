using System.Text.Json.Nodes;

namespace KeysCluster.Grains.Events;

/// <summary>
/// What events record of a state: its fields without hashes, idempotency records and times of use. The changes of an
/// event, applied to the fields before it, give the fields after it.
/// </summary>
internal static class StateDiff
{
    private static readonly string[] OmittedFields =
    [
        "schema_version", "secrets", "receipts", "revision", "change", "updated_at", "last_used_at", "erase_at",
        "grain_hash",
    ];

    private static readonly string[] OmittedSecretFields = ["hash", "pepper_id", "last_used_at"];

    /// <summary>Returns the recorded fields of a state.</summary>
    /// <param name="state">The state in its stored JSON form.</param>
    public static JsonObject GetFields(JsonObject state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var fields = new JsonObject();
        foreach (var (name, value) in state)
            if (!OmittedFields.Contains(name)) fields[name] = value?.DeepClone();
        if (state["secrets"] is not JsonObject secrets) return fields;

        var current = secrets["current"]!.AsObject();
        fields["current_secret"] = current["id"]!.DeepClone();
        foreach (var secret in (secrets["replaced"] as JsonArray ?? []).Prepend(current))
            fields[$"secrets.{secret!["id"]}"] = GetSecretFields(secret.AsObject());
        return fields;
    }

    /// <summary>Returns the changes between the fields of two states: <c>{"name": {"old": …, "new": …}}</c>.</summary>
    public static JsonObject GetChanges(JsonObject before, JsonObject after)
    {
        var changes = new JsonObject();
        foreach (var name in before.Select(field => field.Key).Union(after.Select(field => field.Key)))
        {
            var (old, now) = (before[name], after[name]);
            if (!JsonNode.DeepEquals(old, now))
                changes[name] = new JsonObject { ["old"] = old?.DeepClone(), ["new"] = now?.DeepClone() };
        }

        return changes;
    }

    /// <summary>Applies the changes of an event to the fields before it.</summary>
    public static JsonObject Apply(JsonObject fields, JsonObject changes)
    {
        var result = fields.DeepClone().AsObject();
        foreach (var (name, change) in changes)
        {
            if (change!["new"] is { } value) result[name] = value.DeepClone();
            else result.Remove(name);
        }

        return result;
    }

    private static JsonObject GetSecretFields(JsonObject secret)
    {
        var fields = new JsonObject();
        foreach (var (name, value) in secret)
            if (name != "id" && !OmittedSecretFields.Contains(name)) fields[name] = value?.DeepClone();
        return fields;
    }
}
