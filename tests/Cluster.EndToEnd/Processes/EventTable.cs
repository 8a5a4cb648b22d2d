using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using KeysCluster.Cluster.EndToEnd.History;
using Npgsql;

namespace KeysCluster.Cluster.EndToEnd.Processes;

/// <summary>Reads the events of virtual keys and projects from PostgreSQL, and derives the states after them.</summary>
internal static class EventTable
{
    private const string SecretPrefix = "secrets.";

    public static async Task<IReadOnlyList<OwnerEvent>> ReadAsync(string connectionString)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var command = database.CreateCommand(
            """
            SELECT Id, Number, Revision, Type, RequestId, SecretId, Changes::text, At, ProjectId, Position
            FROM KeysEvent ORDER BY Position
            """);
        await using var reader = await command.ExecuteReaderAsync();
        var fields = new Dictionary<string, JsonObject>();
        var events = new List<OwnerEvent>();
        while (await reader.ReadAsync())
        {
            var owner = reader.GetString(0);
            var changes = reader.IsDBNull(6) ? [] : JsonNode.Parse(reader.GetString(6))!.AsObject();
            var before = fields.GetValueOrDefault(owner, []);
            var after = Apply(before, changes);
            fields[owner] = after;
            events.Add(new OwnerEvent
            {
                Owner = owner,
                Project = reader.GetString(8),
                Position = reader.GetInt64(9),
                Number = reader.IsDBNull(1) ? null : reader.GetInt64(1),
                Type = reader.GetString(3),
                RequestId = reader.IsDBNull(4) ? null : reader.GetString(4),
                Secret = reader.IsDBNull(5) ? null : reader.GetString(5),
                At = ParseTime(reader.GetString(7)),
                After = ReadState(after, reader.GetInt64(2)),
                Inconsistency = changes.FirstOrDefault(
                    change => !IsConsistent(before[change.Key], change.Value!["old"], change.Value["new"])).Key,
            });
        }

        return events;
    }

    private static JsonObject Apply(JsonObject before, JsonObject changes)
    {
        var after = before.DeepClone().AsObject();
        foreach (var (name, change) in changes)
        {
            if (after[name] is JsonObject members && change!["new"] is JsonObject newMembers)
            {
                foreach (var (member, _) in change["old"] as JsonObject ?? []) members.Remove(member);
                foreach (var (member, value) in newMembers) members[member] = value?.DeepClone();
            }
            else if (change!["new"] is { } value) after[name] = value.DeepClone();
            else after.Remove(name);
        }

        return after;
    }

    /// <summary>
    /// Returns whether the old value of a change is the value before it. When an object stays one, old and new contain
    /// only the members that differ.
    /// </summary>
    private static bool IsConsistent(JsonNode? before, JsonNode? old, JsonNode? now)
    {
        if (before is not JsonObject members || old is not JsonObject oldMembers || now is not JsonObject newMembers)
            return JsonNode.DeepEquals(before, old);
        return oldMembers.All(member => JsonNode.DeepEquals(member.Value, members[member.Key]))
            && newMembers.All(member => oldMembers.ContainsKey(member.Key) || !members.ContainsKey(member.Key));
    }

    private static OwnerState ReadState(JsonObject fields, long revision) => new()
    {
        Revision = revision,
        Current = fields["current_secret"]?.GetValue<string>() ?? "",
        IsRevoked = fields["revoked_at"] is not null,
        IsDisabled = fields["disabled_at"] is not null,
        HasPermission = fields["permissions"] is JsonArray { Count: > 0 },
        ExpiresAt = ReadTime(fields["expires_at"]),
        Secrets = fields.Where(field => field.Key.StartsWith(SecretPrefix, StringComparison.Ordinal))
            .ToImmutableDictionary(
                field => field.Key[SecretPrefix.Length..],
                field => new SecretRecord(
                    ReadTime(field.Value!["valid_until"]), field.Value["is_expired"]?.GetValue<bool>() ?? false)),
    };

    private static DateTimeOffset? ReadTime(JsonNode? node) =>
        node is { } value && value.GetValueKind() == JsonValueKind.String ? ParseTime(value.GetValue<string>()) : null;

    private static DateTimeOffset ParseTime(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
