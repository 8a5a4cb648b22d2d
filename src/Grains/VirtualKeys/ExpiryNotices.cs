using KeysCluster.Grains.SecretHolders;
using KeysCluster.Grains.Secrets;

namespace KeysCluster.Grains.VirtualKeys;

/// <summary>
/// The rules of the events that announce an expiry, as pure functions of the state and the time. They change no verdict
/// and nothing that a caller has set, so the revision remains.
/// </summary>
internal static class ExpiryNotices
{
    /// <summary>How many days before the expiry of a key it is announced, and 0 for the expiry itself.</summary>
    public static readonly IReadOnlyList<int> DaysAhead = [7, 3, 1, 0];

    /// <summary>How long before its deadline a retiring secret that is in use is announced.</summary>
    public static readonly TimeSpan SecretLeadTime = TimeSpan.FromHours(1);

    /// <summary>A secret that was used within this time counts as in use.</summary>
    public static readonly TimeSpan InUsePeriod = TimeSpan.FromDays(1);

    private static readonly Caller Announcer = new(default, "expiry notice", new RequestOrigin(ActorKind.System));

    /// <summary>Records that the key expires within some days, or has expired.</summary>
    public static Decision<VirtualKeyState> RecordExpiry(VirtualKeyState state, int daysAhead, DateTimeOffset now)
    {
        var isDue = state.RevokedAt is null && state.ExpiresAt - TimeSpan.FromDays(daysAhead) <= now;
        var isRecorded = state.ExpiryNotice is { } last
            && last.ExpiresAt == state.ExpiresAt
            && last.DaysAhead <= daysAhead;
        if (!isDue || isRecorded) return new(ChangeOutcome.Done, state);
        var noticed = state with
        {
            ExpiryNotice = new ExpiryNotice { DaysAhead = daysAhead, ExpiresAt = state.ExpiresAt!.Value },
        };
        return WithEvent(noticed, daysAhead == 0 ? EventTypes.Expired : EventTypes.Expiring, now);
    }

    /// <summary>Records which retiring secrets expire soon while they are in use.</summary>
    public static Decision<VirtualKeyState> RecordExpiringSecrets(VirtualKeyState state, DateTimeOffset now)
    {
        if (state.RevokedAt is not null) return new(ChangeOutcome.Done, state);
        var warned = state.Secrets.Replaced.Where(secret => IsDue(secret, now)).Select(secret => secret.Id).ToHashSet();
        if (warned.Count == 0) return new(ChangeOutcome.Done, state);

        var next = state with
        {
            Secrets = state.Secrets with
            {
                Replaced = [.. state.Secrets.Replaced.Select(secret => warned.Contains(secret.Id)
                    ? secret with { ExpiryWarning = CreateWarning(secret) }
                    : secret)],
            },
        };
        return WithEvent(next, EventTypes.SecretExpiringInUse, now, warned.Count == 1 ? warned.Single() : null);
    }

    private static bool IsDue(StoredSecret secret, DateTimeOffset now) =>
        !secret.HasExpired(now)
        && secret.ValidUntil - SecretLeadTime <= now
        && secret.LastUsedAt >= now - InUsePeriod
        && secret.ExpiryWarning?.ValidUntil != secret.ValidUntil;

    private static ExpiryWarning CreateWarning(StoredSecret secret) => new()
    {
        ValidUntil = secret.ValidUntil!.Value,
        LastUsedAt = secret.LastUsedAt!.Value,
        LastUsedFrom = secret.LastUsedFrom,
    };

    private static Decision<VirtualKeyState> WithEvent(
        VirtualKeyState state, string type, DateTimeOffset now, string? secretId = null) =>
        new(ChangeOutcome.Done, state with
        {
            ChangedAt = state.UpdatedAt,
            LastEvent = StateEvent.Create(type, Announcer, now, secretId),
        });
}
