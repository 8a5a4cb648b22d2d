using KeysCluster.Grains.Events;
using KeysCluster.Grains.Storage;

namespace KeysCluster.Grains.EventLists;

/// <summary>
/// Maps stored types of events to public ones, such as <c>rotated</c> of a virtual key to <c>virtual_key.rotated</c>,
/// and back. A type that is not listed keeps its name after the prefix, so that events of newer builds are listed too.
/// </summary>
public static class PublicEventTypes
{
    private const string VirtualKeyPrefix = "virtual_key.";
    private const string ProjectPrefix = "project.";

    /// <summary>Stored types whose public names differ.</summary>
    private static readonly (string Stored, string Public)[] Renamed =
    [
        (EventTypes.SecretsExpired, "retiring_secrets_expired"),
        (EventTypes.DeadlineChanged, "deadline_changed"),
    ];

    /// <summary>
    /// Parts of a project that have types of their own: <c>api_key_created</c> of a project is <c>api_key.created</c>.
    /// </summary>
    private static readonly (string Stored, string Public)[] ProjectParts = [("api_key_", "api_key.")];

    /// <summary>Returns the public type of a stored one.</summary>
    public static string Format(string stateName, string type)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (stateName != StorageNames.Project) return VirtualKeyPrefix + GetPublicName(type);
        foreach (var (stored, prefix) in ProjectParts)
        {
            if (type.StartsWith(stored, StringComparison.Ordinal))
                return prefix + GetPublicName(type[stored.Length..]);
        }

        return ProjectPrefix + GetPublicName(type);
    }

    /// <summary>Finds the stored type of a public one; false if no stored type has this name.</summary>
    public static bool TryParse(string text, out string stateName, out string type)
    {
        ArgumentNullException.ThrowIfNull(text);
        (stateName, type) = ("", "");
        var end = text.IndexOf('.', StringComparison.Ordinal) + 1;
        var (prefix, name) = (text[..end], text[end..]);
        var stored = Array.Find(Renamed, entry => entry.Public == name).Stored ?? name;
        (stateName, type) = prefix switch
        {
            VirtualKeyPrefix => (StorageNames.VirtualKey, stored),
            ProjectPrefix => (StorageNames.Project, stored),
            _ when Array.Find(ProjectParts, entry => entry.Public == prefix).Stored is { } part =>
                (StorageNames.Project, part + stored),
            _ => ("", ""),
        };

        // A stored name that has another public one is not a public name.
        return stateName.Length > 0 && Format(stateName, type) == text;
    }

    private static string GetPublicName(string stored) =>
        Array.Find(Renamed, entry => entry.Stored == stored).Public ?? stored;
}
