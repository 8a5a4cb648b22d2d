using KeysCluster.Grains.Events;
using KeysCluster.Grains.Leases;
using KeysCluster.Grains.Secrets;
using KeysCluster.Secrets;

namespace KeysCluster.Grains.SecretHolders;

/// <summary>
/// The rules that virtual keys and projects share, as pure functions of a state, a command and the time.
/// </summary>
internal static class SecretHolderLifecycle
{
    private static readonly Caller ErasingCaller =
        new(default, "erasure reminder", new RequestOrigin(ActorKind.System));

    /// <summary>
    /// Returns whether an end is so near that some cache may not have applied the change by then. It is a difference of
    /// two instants of one clock, so it does not depend on the time that the clock shows.
    /// </summary>
    public static bool IsSoon(DateTimeOffset? end, DateTimeOffset now) => end - now < LeaseOptions.MaxPropagation;

    /// <summary>
    /// Decides a create for an id that exists: done when it is the same create, repeated by a caller that did not
    /// receive the response.
    /// </summary>
    public static Decision<TState> RepeatCreate<TState>(TState existing, NewSecret first)
        where TState : SecretHolderState =>
        existing.Secrets.Find(first.Id.ToString()) is not null
            ? new(ChangeOutcome.Done, existing)
            : new(ChangeOutcome.AlreadyExists, null);

    /// <summary>
    /// Makes a secret the current one and retires the one before it. Hashes that expired up to
    /// <paramref name="eraseBefore"/> are erased.
    /// </summary>
    public static Decision<TState> Rotate<TState>(
        TState state,
        StoredSecret secret,
        RotateSecretCommand command,
        DateTimeOffset now,
        DateTimeOffset eraseBefore)
        where TState : SecretHolderState
    {
        // The same rotation, repeated by a caller that did not receive the response.
        if (state.Secrets.Find(secret.Id) is not null) return new(ChangeOutcome.Done, state, TakesValidityAway: true);

        var deadline = Min(now + command.GracePeriod, state.GetMaxDeadline());
        if (state.Secrets.Rotate(secret, deadline, now, eraseBefore) is not { } rotated)
            return new(ChangeOutcome.TooManyRetiringSecrets, state);

        var next = WithEvent(state with { Secrets = rotated }, EventTypes.Rotated, command.Caller, now, secret.Id);
        return new(ChangeOutcome.Done, next, IsSoon(deadline, now));
    }

    /// <summary>
    /// Expires one or all retiring secrets now. A secret whose deadline has passed by the clock of this silo is expired
    /// as well when all are: another silo, whose clock is behind, may still accept it.
    /// </summary>
    public static Decision<TState> ExpireRetiringSecrets<TState>(
        TState state, ExpireRetiringSecretsCommand command, DateTimeOffset now)
        where TState : SecretHolderState
    {
        if (command.Secret is { } id && state.Secrets.FindRetiring(id, now) is null)
        {
            // Some cache may not know yet that the secret has expired, such as after a failed first attempt.
            var hasExpired = state.Secrets.Replaced.Any(secret => secret.Id == id.ToString());
            return new(ChangeOutcome.RetiringSecretNotFound, state, TakesValidityAway: hasExpired);
        }

        var only = command.Secret?.ToString();
        var expired = state.Secrets.Expire(secret => only is null || secret.Id == only, now);
        return ReferenceEquals(expired, state.Secrets)
            ? new(ChangeOutcome.Done, state, TakesValidityAway: true)
            : new(
                ChangeOutcome.Done,
                WithEvent(state with { Secrets = expired }, EventTypes.SecretsExpired, command.Caller, now, only),
                TakesValidityAway: true);
    }

    /// <summary>Changes the deadline of a retiring secret. Setting the same deadline changes nothing.</summary>
    public static Decision<TState> ChangeDeadline<TState>(
        TState state, ChangeDeadlineCommand command, DateTimeOffset now)
        where TState : SecretHolderState
    {
        if (state.Secrets.FindRetiring(command.Secret, now) is not { } retiring)
            return new(ChangeOutcome.RetiringSecretNotFound, state);
        if (command.ValidUntil <= now) return new(ChangeOutcome.DeadlineInThePast, state);
        if (command.ValidUntil > now + GracePeriod.Maximum) return new(ChangeOutcome.DeadlineTooFar, state);
        if (command.ValidUntil > state.GetMaxDeadline()) return new(ChangeOutcome.DeadlinePastExpiry, state);

        // Also when it is set again: the first attempt may have failed to invalidate some cache.
        var endsEarlier = command.ValidUntil <= retiring.ValidUntil && IsSoon(command.ValidUntil, now);
        if (command.ValidUntil == retiring.ValidUntil) return new(ChangeOutcome.Done, state, endsEarlier);

        var changed = state.Secrets.WithDeadlines(
            secret => secret.Id == retiring.Id ? command.ValidUntil : secret.ValidUntil, now);
        var next = WithEvent(
            state with { Secrets = changed }, EventTypes.DeadlineChanged, command.Caller, now, retiring.Id);
        return new(ChangeOutcome.Done, next, endsEarlier);
    }

    /// <summary>
    /// Removes hashes and idempotency records that expired up to <paramref name="eraseBefore"/>. This is an event, but
    /// no change that a caller sees.
    /// </summary>
    public static TState EraseExpired<TState>(TState state, DateTimeOffset now, DateTimeOffset eraseBefore)
        where TState : SecretHolderState
    {
        var secrets = state.Secrets.WithoutExpired(eraseBefore);
        var records = state.IdempotencyRecords.WithoutExpired(eraseBefore);
        if (ReferenceEquals(secrets, state.Secrets) && ReferenceEquals(records, state.IdempotencyRecords)) return state;

        var erased = state.Secrets.Replaced.Where(secret => secrets.Find(secret.Id) is null).ToList();
        var erasedEvent = StateEvent.Create(
            EventTypes.Erased, ErasingCaller, now, erased.Count == 1 ? erased[0].Id : null);
        return state with { Secrets = secrets, IdempotencyRecords = records, LastEvent = erasedEvent };
    }

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

    private static DateTimeOffset Min(DateTimeOffset deadline, DateTimeOffset? limit) =>
        limit < deadline ? limit.Value : deadline;
}
