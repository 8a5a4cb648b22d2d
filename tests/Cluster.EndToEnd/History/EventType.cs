namespace KeysCluster.Cluster.EndToEnd.History;

/// <summary>The types of events. The checker spells them out, because they are part of the contract.</summary>
internal static class EventType
{
    public const string Created = "created";

    public const string Updated = "updated";

    public const string Rotated = "rotated";

    public const string Replayed = "replayed";

    public const string SecretsExpired = "cut";

    public const string DeadlineChanged = "deadline_moved";

    public const string Disabled = "disabled";

    public const string Enabled = "enabled";

    public const string Revoked = "revoked";

    public const string Erased = "erased";

    public const string SecretExpiringInUse = "secret_expiring_in_use";

    public const string Expiring = "expiring";

    public const string Expired = "expired";

    /// <summary>Returns whether no call requests events of a type.</summary>
    public static bool IsSystemEvent(string type) =>
        type is Erased or SecretExpiringInUse or Expiring or Expired;

    /// <summary>Returns whether events of a type leave the revision unchanged.</summary>
    public static bool KeepsRevision(string type) => type == Replayed || IsSystemEvent(type);

    /// <summary>Returns the type of the events of a kind of call.</summary>
    public static string? FromCallKind(CallKind kind) => kind switch
    {
        CallKind.Create => Created,
        CallKind.Rotate => Rotated,
        CallKind.ExpireOne or CallKind.ExpireAll => SecretsExpired,
        CallKind.ChangeDeadline => DeadlineChanged,
        CallKind.Update or CallKind.SetPermission => Updated,
        CallKind.Disable => Disabled,
        CallKind.Enable => Enabled,
        CallKind.Revoke => Revoked,
        _ => null,
    };

    /// <summary>
    /// Returns the type as which webhooks deliver an event of a virtual key; null if they do not. An erasure is
    /// delivered when it tells of a grace period that ended by itself.
    /// </summary>
    public static string? GetDeliveredType(OwnerState? before, OwnerEvent entry) => entry.Type switch
    {
        Created or Rotated or Updated or Disabled or Enabled or Revoked
            or SecretExpiringInUse or Expiring or Expired => $"virtual_key.{entry.Type}",
        DeadlineChanged => "virtual_key.updated",
        SecretsExpired => "virtual_key.secret_expired",
        Erased when before?.Secrets.Any(secret =>
            !secret.Value.IsExpired && !entry.After.Secrets.ContainsKey(secret.Key)) == true =>
            "virtual_key.secret_expired",
        _ => null,
    };
}
