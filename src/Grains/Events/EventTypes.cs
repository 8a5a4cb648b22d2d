namespace KeysCluster.Grains.Events;

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

    /// <summary>The hashes of expired secrets, or expired idempotency records, were erased.</summary>
    public const string Erased = "erased";
}
