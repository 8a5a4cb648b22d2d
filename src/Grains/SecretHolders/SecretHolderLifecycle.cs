using KeysCluster.Grains.Secrets;
using KeysCluster.Secrets;
using KeysCluster.Validation.Caching;

namespace KeysCluster.Grains.SecretHolders;

/// <summary>
/// The rules that virtual keys and projects share, as pure functions of a state, a command and the time.
/// </summary>
internal static class SecretHolderLifecycle
{
    /// <summary>
    /// Returns whether a change makes a secret invalid sooner than before, within the invalidation horizon. The change
    /// must then not be acknowledged before every cache is invalidated. Terminating a holder always counts, because it
    /// changes every verdict.
    /// </summary>
    public static bool ShortensValidity(SecretHolderState before, SecretHolderState after, DateTimeOffset now)
    {
        if (after.IsTerminated && !before.IsTerminated) return true;
        return before.Secrets.All().Any(secret =>
        {
            // MaxValue stands for "never", so that an unlimited secret compares as the latest of all.
            var oldEnd = before.GetValidUntil(secret) ?? DateTimeOffset.MaxValue;
            var newEnd = after.Secrets.Find(secret.Id) is { } kept
                ? after.GetValidUntil(kept) ?? DateTimeOffset.MaxValue
                : now;
            var wasValid = oldEnd > now;
            return wasValid && newEnd < oldEnd && newEnd < now + CacheLimits.InvalidationHorizon;
        });
    }

    /// <summary>Returns whether a cache may still contain a state from before the last invalidating change.</summary>
    public static bool MayBeUnacknowledged(SecretHolderState state, DateTimeOffset now) =>
        now < state.LastInvalidatingChangeAt + CacheLimits.InvalidationHorizon;

    /// <summary>
    /// Decides a create for an id that exists: done when it is the same create, repeated by a caller that did not
    /// receive the response.
    /// </summary>
    public static Decision<TState> RepeatCreate<TState>(TState existing, NewSecret first)
        where TState : SecretHolderState =>
        existing.Secrets.Find(first.Id.ToString()) is not null
            ? new(ChangeOutcome.Done, existing)
            : new(ChangeOutcome.AlreadyExists, null);

    /// <summary>Makes a secret the current one and retires the one before it.</summary>
    public static Decision<TState> Rotate<TState>(
        TState state, StoredSecret secret, RotateSecretCommand command, DateTimeOffset now)
        where TState : SecretHolderState
    {
        // The same rotation, repeated by a caller that did not receive the response.
        if (state.Secrets.HasSeen(command.Secret.Id, now)) return new(ChangeOutcome.Done, state);

        var deadline = Min(now + command.GracePeriod, state.GetMaxDeadline());
        return state.Secrets.Rotate(secret, deadline, now) is { } rotated
            ? new(ChangeOutcome.Done, WithChange(state with { Secrets = rotated }, "rotated", command.Caller, now))
            : new(ChangeOutcome.TooManyRetiringSecrets, state);
    }

    /// <summary>Expires one or all retiring secrets now. Expiring all when none is retiring changes nothing.</summary>
    public static Decision<TState> ExpireRetiringSecrets<TState>(
        TState state, ExpireRetiringSecretsCommand command, DateTimeOffset now)
        where TState : SecretHolderState
    {
        if (command.Secret is { } id && state.Secrets.FindRetiring(id, now) is null)
            return new(ChangeOutcome.RetiringSecretNotFound, state);
        if (!state.Secrets.HasRetiring(now)) return new(ChangeOutcome.Done, state);

        var only = command.Secret?.ToString();
        var expired = state.Secrets.WithDeadlines(
            secret => only is null || secret.Id == only ? now : secret.ValidUntil, now);
        return new(ChangeOutcome.Done, WithChange(state with { Secrets = expired }, "cut", command.Caller, now));
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
        if (command.ValidUntil == retiring.ValidUntil) return new(ChangeOutcome.Done, state);

        var changed = state.Secrets.WithDeadlines(
            secret => secret.Id == retiring.Id ? command.ValidUntil : secret.ValidUntil, now);
        return new(ChangeOutcome.Done, WithChange(
            state with { Secrets = changed }, "deadline_moved", command.Caller, now));
    }

    /// <summary>Removes expired hashes and idempotency records. This is not a visible change.</summary>
    public static TState EraseExpired<TState>(TState state, DateTimeOffset now)
        where TState : SecretHolderState
    {
        var secrets = state.Secrets.WithoutExpired(now);
        var records = state.IdempotencyRecords.WithoutExpired(now);
        return ReferenceEquals(secrets, state.Secrets) && ReferenceEquals(records, state.IdempotencyRecords)
            ? state
            : state with { Secrets = secrets, IdempotencyRecords = records };
    }

    /// <summary>Marks a state as changed. The action names are stored in the audit table and never change.</summary>
    public static TState WithChange<TState>(TState state, string action, Caller caller, DateTimeOffset now)
        where TState : SecretHolderState =>
        state with { Revision = state.Revision + 1, LastChange = new AuditEntry(action, caller.Actor, now) };

    private static DateTimeOffset Min(DateTimeOffset deadline, DateTimeOffset? limit) =>
        limit < deadline ? limit.Value : deadline;
}
