using System.Text.Json.Nodes;

namespace KeysCluster.Grains.SecretHolders;

/// <summary>
/// Computes the fields of a state that events record, without hashes, idempotency records and times of use. The
/// changes of an event, applied to the fields before it, give the fields after it.
/// </summary>
internal static class StateDiff
{
    /// <summary>The start of the names of fields that have webhooks as their values.</summary>
    public const string WebhookPrefix = "webhooks.";

    private static readonly string[] OmittedFields =
    [
        "schema_version", "secrets", "receipts", "revision", "change", "updated_at", "last_used_at", "erase_at",
        "grain_hash", "retiring_until", "imported_hashes", "api_keys", "webhooks",
    ];

    private static readonly string[] OmittedApiKeyFields = ["id", "secrets"];

    private static readonly string[] OmittedSecretFields =
    [
        "id", "hash", "pepper_id", "last_used_at", "last_used_from",
    ];

    private static readonly string[] OmittedWebhookFields = ["id", "secrets", "last_disabled_at"];

    private static readonly string[] OmittedWebhookSecretFields = ["sealed", "pepper_id"];

    /// <summary>Returns the recorded fields of a state.</summary>
    /// <param name="state">The state in its stored JSON form.</param>
    public static JsonObject GetFields(JsonObject state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var fields = GetFieldsWithout(state, OmittedFields);

        // After the first API key was moved to the list, the member "secrets" only remains for earlier builds.
        if (state["secrets"] is JsonObject secrets && state["is_first_api_key_moved"] is null)
            AddSecrets(fields, fields, secrets, apiKeyId: null);
        foreach (var key in state["api_keys"] as JsonArray ?? [])
        {
            var keyFields = GetFieldsWithout(key!.AsObject(), OmittedApiKeyFields);
            fields[$"api_keys.{key["id"]}"] = keyFields;
            AddSecrets(fields, keyFields, key["secrets"]!.AsObject(), key["id"]);
        }

        foreach (var webhook in state["webhooks"] as JsonArray ?? [])
        {
            var webhookFields = GetFieldsWithout(webhook!.AsObject(), OmittedWebhookFields);
            webhookFields["secrets"] = new JsonArray([.. webhook["secrets"]!.AsArray().Select(secret =>
                GetFieldsWithout(secret!.AsObject(), OmittedWebhookSecretFields))]);
            fields[$"{WebhookPrefix}{webhook["id"]}"] = webhookFields;
        }

        return fields;
    }

    /// <summary>
    /// Returns the changes between the fields of two states: <c>{"name": {"old": …, "new": …}}</c>. When both values
    /// are objects, they contain only the members that differ.
    /// </summary>
    public static JsonObject GetChanges(JsonObject before, JsonObject after)
    {
        var changes = new JsonObject();
        foreach (var name in before.Select(field => field.Key).Union(after.Select(field => field.Key)))
        {
            var (old, now) = (before[name], after[name]);
            if (JsonNode.DeepEquals(old, now)) continue;
            changes[name] = old is JsonObject oldMembers && now is JsonObject newMembers
                ? CreateChange(GetDifferentMembers(oldMembers, newMembers), GetDifferentMembers(newMembers, oldMembers))
                : CreateChange(old?.DeepClone(), now?.DeepClone());
        }

        return changes;
    }

    private static JsonObject CreateChange(JsonNode? old, JsonNode? now) => new() { ["old"] = old, ["new"] = now };

    /// <summary>Returns the members of an object that another one does not have with the same value.</summary>
    private static JsonObject GetDifferentMembers(JsonObject members, JsonObject others)
    {
        var different = new JsonObject();
        foreach (var (name, value) in members)
            if (!JsonNode.DeepEquals(value, others[name])) different[name] = value?.DeepClone();
        return different;
    }

    /// <summary>
    /// Adds the fields of secrets, and to the fields of their holder which of them is the current one.
    /// </summary>
    private static void AddSecrets(JsonObject fields, JsonObject holder, JsonObject secrets, JsonNode? apiKeyId)
    {
        var current = secrets["current"]!.AsObject();
        holder["current_secret"] = current["id"]!.DeepClone();
        foreach (var secret in (secrets["replaced"] as JsonArray ?? []).Prepend(current))
        {
            var secretFields = GetFieldsWithout(secret!.AsObject(), OmittedSecretFields);
            if (apiKeyId is not null) secretFields["api_key_id"] = apiKeyId.DeepClone();
            fields[$"secrets.{secret["id"]}"] = secretFields;
        }
    }

    private static JsonObject GetFieldsWithout(JsonObject members, string[] omitted)
    {
        var fields = new JsonObject();
        foreach (var (name, value) in members)
            if (!omitted.Contains(name)) fields[name] = value?.DeepClone();
        return fields;
    }
}
