using KeysCluster.Secrets;

namespace KeysCluster.Grains.SecretHolders;

/// <summary>
/// The rules that virtual keys and projects share, as pure functions of a state, a command and the time.
/// </summary>
internal static class SecretHolderLifecycle
{
    public static readonly Caller ErasingCaller =
        new(default, "erasure reminder", new RequestOrigin(ActorKind.System));

    public static readonly Caller RehashingCaller =
        new(default, "pepper rotation", new RequestOrigin(ActorKind.System));

    /// <summary>
    /// Decides a create for an id that exists: done when it is the same create, repeated by a caller that did not
    /// receive the response.
    /// </summary>
    public static Decision<TState> RepeatCreate<TState>(TState existing, NewSecret first)
        where TState : SecretHolderState =>
        existing.FindSecret(first.Id.ToString()) is not null
            ? new(ChangeOutcome.Done, existing)
            : new(ChangeOutcome.AlreadyExists, null);

    /// <summary>
    /// Removes hashes and idempotency records that expired up to <paramref name="eraseBefore"/>. This is an event, but
    /// no change that a caller sees.
    /// </summary>
    public static TState EraseExpired<TState>(TState state, DateTimeOffset now, DateTimeOffset eraseBefore)
        where TState : SecretHolderState
    {
        var remaining = (TState)state.MapSecrets(secrets => secrets.WithoutExpired(eraseBefore));
        var records = state.IdempotencyRecords.WithoutExpired(eraseBefore);
        if (ReferenceEquals(remaining, state) && ReferenceEquals(records, state.IdempotencyRecords)) return state;

        var erased = state.SecretSets.SelectMany(secrets => secrets.Replaced)
            .Where(secret => remaining.FindSecret(secret.Id) is null)
            .ToList();
        var erasedEvent = StateEvent.Create(
            EventTypes.Erased, ErasingCaller, now, erased.Count == 1 ? erased[0].Id : null);
        return remaining with { IdempotencyRecords = records, LastEvent = erasedEvent };
    }

    /// <summary>Returns the ids of the secrets that have their hashes under another pepper than before.</summary>
    public static IReadOnlyList<string> FindRehashed(SecretHolderState before, SecretHolderState after) =>
    [
        .. from secrets in after.SecretSets
           from secret in secrets.All()
           where before.FindSecret(secret.Id) is { } old && old.PepperId != secret.PepperId
           select secret.Id,
    ];

    /// <summary>
    /// Adds the event of a write that rehashes secrets: the database reports a hash that changes without an event as
    /// altered. It is no change that a caller sees, and the revision remains.
    /// </summary>
    public static TState WithRehashEvent<TState>(TState state, IReadOnlyList<string> secrets, DateTimeOffset now)
        where TState : SecretHolderState =>
        state with
        {
            ChangedAt = state.UpdatedAt,
            LastEvent = StateEvent.Create(
                EventTypes.Rehashed, RehashingCaller, now, secrets.Count == 1 ? secrets[0] : null),
        };

    /// <summary>Marks a state as changed.</summary>
    public static TState WithEvent<TState>(
        TState state, string type, Caller caller, DateTimeOffset now, string? secretId = null)
        where TState : SecretHolderState =>
        state with
        {
            Revision = state.Revision + 1,
            ChangedAt = now,
            LastEvent = StateEvent.Create(type, caller, now, secretId),
        };
}
