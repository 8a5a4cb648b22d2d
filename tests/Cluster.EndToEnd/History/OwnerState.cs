using System.Collections.Immutable;

namespace KeysCluster.Cluster.EndToEnd.History;

/// <summary>
/// The state of a virtual key or project after an event. The checker has its own model and uses no code of the service.
/// </summary>
internal sealed record OwnerState
{
    public required long Revision { get; init; }

    /// <summary>The id of the current secret.</summary>
    public required string Current { get; init; }

    public bool IsRevoked { get; init; }

    public bool IsDisabled { get; init; }

    /// <summary>Whether a virtual key has the permission of the workload.</summary>
    public bool HasPermission { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The current secret and the replaced ones whose hashes are stored, by their ids.</summary>
    public required ImmutableDictionary<string, SecretRecord> Secrets { get; init; }

    /// <summary>Returns the code of the verdict of a call at a time.</summary>
    public string Evaluate(RecordedCall call, DateTimeOffset at)
    {
        if (call.Kind == CallKind.ValidateMember)
            return IsDisabled ? VerdictCodes.ProjectDisabled : VerdictCodes.Active;
        var code = Evaluate(call.Secret!, at);
        return VerdictCodes.IsAccepting(code) && call.NeedsPermission && !HasPermission
            ? VerdictCodes.InsufficientPermissions
            : code;
    }

    private string Evaluate(string secret, DateTimeOffset at)
    {
        if (!Secrets.TryGetValue(secret, out var record)) return VerdictCodes.NotFound;
        if (IsRevoked) return VerdictCodes.Revoked;
        if (record.HasExpired(at)) return VerdictCodes.ExpiredSecret;
        if (ExpiresAt <= at) return VerdictCodes.Expired;
        if (IsDisabled) return VerdictCodes.Disabled;
        return secret == Current ? VerdictCodes.Active : VerdictCodes.Retiring;
    }

    /// <summary>Returns whether a secret is retiring at a time.</summary>
    public bool IsRetiring(string secret, DateTimeOffset at) =>
        secret != Current && Secrets.TryGetValue(secret, out var record) && !record.HasExpired(at);

    /// <summary>Returns the times, within a period, at which the verdict on a secret may change.</summary>
    public IEnumerable<DateTimeOffset> GetTransitions(string secret, DateTimeOffset from, DateTimeOffset to)
    {
        yield return from;
        if (Secrets.GetValueOrDefault(secret)?.Deadline is { } deadline && deadline > from && deadline <= to)
            yield return deadline;
        if (ExpiresAt is { } expiry && expiry > from && expiry <= to) yield return expiry;
    }

    /// <summary>Returns whether a response shows this state, read at any time within a period.</summary>
    public bool IsShownBy(KeyView view, DateTimeOffset from, DateTimeOffset to) =>
        (view.Revision is null || view.Revision == Revision)
        && view.Secret == Current
        && view.IsRevoked == IsRevoked
        && view.IsDisabled == IsDisabled
        && view.HasPermission == HasPermission
        && view.ExpiresAt == ExpiresAt
        && (IsRevoked ? view.Retiring.Count == 0 : ShowsRetiring(view, from, to));

    private bool ShowsRetiring(KeyView view, DateTimeOffset from, DateTimeOffset to) =>
        view.Retiring.All(shown => IsRetiring(shown.Key, from) && Secrets[shown.Key].Deadline == shown.Value)
        && Secrets.Keys.All(secret => view.Retiring.ContainsKey(secret) || !IsRetiring(secret, to));
}
