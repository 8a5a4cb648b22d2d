namespace KeysCluster.Webhooks;

/// <summary>The types of events that webhooks deliver.</summary>
public static class WebhookEventTypes
{
    /// <summary>The type of a test delivery. Every webhook accepts it, and none subscribes to it.</summary>
    public const string Test = "webhook.test";

    /// <summary>Every type that a webhook can subscribe to.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "virtual_key.created",
        "virtual_key.updated",
        "virtual_key.rotated",
        "virtual_key.secret_expiring_in_use",
        "virtual_key.secret_expired",
        "virtual_key.disabled",
        "virtual_key.enabled",
        "virtual_key.expiring",
        "virtual_key.expired",
        "virtual_key.revoked",
        "api_key.created",
        "api_key.updated",
        "api_key.rotated",
        "api_key.secret_expired",
        "api_key.deleted",
        "project.created",
        "project.updated",
        "project.disabled",
        "project.enabled",
        "project.archived",
        "webhook.created",
        "webhook.updated",
        "webhook.deleted",
        "webhook.disabled",
    ];
}
