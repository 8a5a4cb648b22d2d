using System.Text.Json.Nodes;

namespace KeysCluster.Grains.Tests.Events;

/// <summary>Restores a newer state from an older one and the events between them, as an operator can.</summary>
internal static class EventReplay
{
    /// <summary>Applies the changes of an event to the fields before it.</summary>
    public static JsonObject Apply(JsonObject fields, JsonObject changes)
    {
        var result = fields.DeepClone().AsObject();
        foreach (var (name, change) in changes)
        {
            if (result[name] is JsonObject members && change!["new"] is JsonObject newMembers)
                Replace(members, change["old"] as JsonObject ?? [], newMembers);
            else if (change!["new"] is { } value) result[name] = value.DeepClone();
            else result.Remove(name);
        }

        return result;
    }

    private static void Replace(JsonObject members, JsonObject old, JsonObject now)
    {
        foreach (var (name, _) in old) members.Remove(name);
        foreach (var (name, value) in now) members[name] = value?.DeepClone();
    }
}
