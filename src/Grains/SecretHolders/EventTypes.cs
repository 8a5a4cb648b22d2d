namespace KeysCluster.Grains.SecretHolders;

/// <summary>The types of events. They are stored and never change.</summary>
internal static class EventTypes
{
    public const string Created = "created";

    public const string Updated = "updated";

    public const string Rotated = "rotated";

    /// <summary>A retry received the secret of an earlier, identical request.</summary>
    public const string Replayed = "replayed";

    /// <summary>Retiring secrets were expired before their deadlines.</summary>
    public const string SecretsExpired = "cut";

    /// <summary>The deadline of a retiring secret was changed.</summary>
    public const string DeadlineChanged = "deadline_moved";

    public const string Disabled = "disabled";

    public const string Enabled = "enabled";

    public const string Revoked = "revoked";

    public const string ApiKeyCreated = "api_key_created";

    public const string ApiKeyUpdated = "api_key_updated";

    public const string ApiKeyDeleted = "api_key_deleted";

    public const string Archived = "archived";

    /// <summary>The erasure of a project was requested.</summary>
    public const string ErasureRequested = "erasure_requested";

    /// <summary>A project was erased. This event and the one of the request are all that remains of it.</summary>
    public const string ProjectErased = "project_erased";

    public const string WebhookCreated = "webhook_created";

    public const string WebhookUpdated = "webhook_updated";

    /// <summary>The signing secret of a webhook was rotated.</summary>
    public const string WebhookRotated = "webhook_rotated";

    public const string WebhookDeleted = "webhook_deleted";

    /// <summary>A webhook was disabled because its endpoint accepts nothing.</summary>
    public const string WebhookDisabled = "webhook_disabled";

    /// <summary>Signing secrets of webhooks were encrypted under the current pepper.</summary>
    public const string WebhookResealed = "webhook_resealed";

    /// <summary>A virtual key expires soon.</summary>
    public const string Expiring = "expiring";

    /// <summary>A virtual key has expired.</summary>
    public const string Expired = "expired";

    /// <summary>A retiring secret that is in use expires soon.</summary>
    public const string SecretExpiringInUse = "secret_expiring_in_use";

    /// <summary>The hashes of expired secrets, or expired idempotency records, were erased.</summary>
    public const string Erased = "erased";

    /// <summary>Secrets that were used were rehashed under the current pepper.</summary>
    public const string Rehashed = "rehashed";
}
