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

    /// <summary>Returns whether no call requests events of a type.</summary>
    public static bool IsSystemEvent(string type) =>
        type is Erased or "secret_expiring_in_use" or "expiring" or "expired";

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
}
