using KeysCluster.Cluster.EndToEnd.History;

namespace KeysCluster.Cluster.EndToEnd.Checking;

/// <summary>What each type of event may change, relative to the time of the event.</summary>
internal static class TransitionRules
{
    /// <summary>The service erases a hash this long after its deadline (<c>Cluster:MaxClockOffset</c>).</summary>
    private static readonly TimeSpan ErasureDelay = TimeSpan.FromSeconds(1);

    /// <summary>Returns what an event changed that it may not change; null when there is nothing.</summary>
    public static string? FindFault(OwnerState? before, OwnerEvent change, RecordedCall? call)
    {
        var after = change.After;
        if (before is null)
        {
            return change.Type == EventType.Created && after.Secrets.Count == 1 && !after.IsRevoked && !after.IsDisabled
                ? null
                : "The first event is not the creation of an owner with one secret";
        }

        return FindFlagFault(before, change, call)
            ?? FindCurrentFault(before, change)
            ?? before.Secrets.Keys.Union(after.Secrets.Keys)
                .Select(secret => FindSecretFault(secret, before, change, call))
                .FirstOrDefault(fault => fault is not null);
    }

    private static string? FindFlagFault(OwnerState before, OwnerEvent change, RecordedCall? call)
    {
        var after = change.After;
        if (after.IsRevoked != (before.IsRevoked || change.Type == EventType.Revoked))
            return $"The key is {(after.IsRevoked ? "" : "not ")}revoked";
        var isDisabled = change.Type == EventType.Disabled
            || (before.IsDisabled && change.Type != EventType.Enabled);
        if (after.IsDisabled != isDisabled) return $"The key is {(after.IsDisabled ? "" : "not ")}disabled";
        var isPermission = change.Type == EventType.Updated && call?.Kind == CallKind.SetPermission;
        if (after.HasPermission != (isPermission ? call!.GivesPermission : before.HasPermission))
            return $"The key has {(after.HasPermission ? "its" : "no")} permission";
        var isExpiry = change.Type == EventType.Updated && call?.Kind == CallKind.Update;
        var expiry = isExpiry ? call!.RequestedEnd : before.ExpiresAt;
        return after.ExpiresAt == expiry ? null : $"The expiry is {after.ExpiresAt:O} instead of {expiry:O}";
    }

    private static string? FindCurrentFault(OwnerState before, OwnerEvent change)
    {
        var isRotation = change.Type == EventType.Rotated;
        var expected = isRotation ? change.Secret : before.Current;
        return change.After.Current == expected && (!isRotation || expected != before.Current)
            ? null
            : $"The current secret is {change.After.Current}";
    }

    private static string? FindSecretFault(
        string secret, OwnerState before, OwnerEvent change, RecordedCall? call)
    {
        var old = before.Secrets.GetValueOrDefault(secret);
        if (old is null)
            return secret == change.After.Current ? null : $"The secret {secret} appeared";
        if (!change.After.Secrets.TryGetValue(secret, out var actual))
        {
            // Also a rotation erases, to make room.
            var mayErase = change.Type is EventType.Erased or EventType.Rotated && secret != before.Current;
            return mayErase && (old.IsExpired || old.Deadline + ErasureDelay <= change.At)
                ? null
                : $"The secret {secret} was erased before its deadline";
        }

        var expected = GetExpected(secret, old, before, change, call);
        return actual == expected ? null : $"The secret {secret} is {actual} instead of {expected}";
    }

    private static SecretRecord GetExpected(
        string secret, SecretRecord old, OwnerState before, OwnerEvent change, RecordedCall? call)
    {
        var at = change.At;
        switch (change.Type)
        {
            case EventType.Rotated when secret == before.Current && call is not null:
                var deadline = Min(at + call.Grace, before.ExpiresAt);
                return new SecretRecord(deadline, deadline <= at);
            case EventType.SecretsExpired when secret != before.Current
                && (call?.Kind != CallKind.ExpireOne || secret == call.Secret):
                return new SecretRecord(old.HasExpired(at) ? old.Deadline : at, IsExpired: true);
            case EventType.DeadlineChanged when secret == call?.Secret && !old.HasExpired(at):
                return old with { Deadline = call.RequestedEnd };
            case EventType.Updated when old.Deadline is { } end && !old.HasExpired(at):
                return old with { Deadline = Min(end, change.After.ExpiresAt) };
            default:
                return old;
        }
    }

    private static DateTimeOffset Min(DateTimeOffset end, DateTimeOffset? limit) => limit < end ? limit.Value : end;
}
