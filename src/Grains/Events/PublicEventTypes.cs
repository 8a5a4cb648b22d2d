using KeysCluster.Grains.SecretHolders;
using KeysCluster.Grains.Storage;

namespace KeysCluster.Grains.Events;

/// <summary>
/// Maps stored types of events to public ones, such as <c>rotated</c> of a virtual key to <c>virtual_key.rotated</c>,
/// and back. A type that is not listed keeps its name after the prefix, so that events of newer builds are listed too.
/// </summary>
public static class PublicEventTypes
{
    private const string VirtualKeyPrefix = "virtual_key.";
    private const string ProjectPrefix = "project.";
    private const string ApiKeyPrefix = "api_key.";
    private const string StoredApiKeyPrefix = "api_key_";
    private const string WebhookPrefix = "webhook.";
    private const string StoredWebhookPrefix = "webhook_";

    /// <summary>Stored types of virtual keys whose public names differ.</summary>
    private static readonly (string Stored, string Public)[] VirtualKeyTypes =
    [
        (EventTypes.SecretsExpired, VirtualKeyPrefix + "retiring_secrets_expired"),
        (EventTypes.DeadlineChanged, VirtualKeyPrefix + "deadline_changed"),
    ];

    /// <summary>
    /// Stored types of projects whose public names differ. The secrets of a project are those of API keys.
    /// </summary>
    private static readonly (string Stored, string Public)[] ProjectTypes =
    [
        (EventTypes.Rotated, ApiKeyPrefix + "rotated"),
        (EventTypes.Replayed, ApiKeyPrefix + "replayed"),
        (EventTypes.SecretsExpired, ApiKeyPrefix + "retiring_secrets_expired"),
        (EventTypes.DeadlineChanged, ApiKeyPrefix + "deadline_changed"),
        (EventTypes.Erased, ApiKeyPrefix + "erased"),
        (EventTypes.Rehashed, ApiKeyPrefix + "rehashed"),
        (EventTypes.ProjectErased, ProjectPrefix + "erased"),
    ];

    /// <summary>Returns the public type of a stored one.</summary>
    public static string Format(string stateName, string type)
    {
        ArgumentNullException.ThrowIfNull(type);
        var isProject = stateName == StorageNames.Project;
        var renamed = Array.Find(isProject ? ProjectTypes : VirtualKeyTypes, entry => entry.Stored == type);
        if (renamed.Public is { } name) return name;
        if (!isProject) return VirtualKeyPrefix + type;
        if (type.StartsWith(StoredApiKeyPrefix, StringComparison.Ordinal))
            return ApiKeyPrefix + type[StoredApiKeyPrefix.Length..];
        return type.StartsWith(StoredWebhookPrefix, StringComparison.Ordinal)
            ? WebhookPrefix + type[StoredWebhookPrefix.Length..]
            : ProjectPrefix + type;
    }

    /// <summary>Finds the stored type of a public one; false if no stored type has this name.</summary>
    public static bool TryParse(string text, out string stateName, out string type)
    {
        ArgumentNullException.ThrowIfNull(text);
        stateName = text.StartsWith(VirtualKeyPrefix, StringComparison.Ordinal)
            ? StorageNames.VirtualKey
            : StorageNames.Project;
        var renamed = stateName == StorageNames.Project ? ProjectTypes : VirtualKeyTypes;
        var end = text.IndexOf('.', StringComparison.Ordinal) + 1;
        type = Array.Find(renamed, entry => entry.Public == text).Stored
            ?? GetStoredPrefix(text[..end]) + text[end..];

        // A stored name that has another public one is not a public name.
        return Format(stateName, type) == text;
    }

    private static string GetStoredPrefix(string publicPrefix) => publicPrefix switch
    {
        ApiKeyPrefix => StoredApiKeyPrefix,
        WebhookPrefix => StoredWebhookPrefix,
        _ => "",
    };
}
