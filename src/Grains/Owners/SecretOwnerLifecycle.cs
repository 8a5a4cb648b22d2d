using KeysCluster.Grains.Secrets;
using KeysCluster.Secrets;
using KeysCluster.Validation;

namespace KeysCluster.Grains.Owners;

/// <summary>The rules that virtual keys and projects share, as pure functions of a state, a command and now.</summary>
internal static class SecretOwnerLifecycle
{
    /// <summary>
    /// Whether a change ends a secret sooner than before, and so soon that everyone must be told. So is that the owner is
    /// over: from then on every verdict says it.
    /// </summary>
    public static bool EndsSooner<TView>(SecretOwner<TView> before, SecretOwner<TView> after, DateTimeOffset now) =>
        (after.IsOver && !before.IsOver) || before.Secrets.All().Any(secret =>
        {
            var end = after.Secrets.Find(secret.Id) is { } kept ? after.EndOf(kept) : now;
            return end < now + MemoryLimits.Horizon && !(before.EndOf(secret) <= end) && !(before.EndOf(secret) <= now);
        });

    /// <summary>Whether someone may still hold a state from before the last change that ended something.</summary>
    public static bool MayBeUntold<TView>(SecretOwner<TView> state, DateTimeOffset now) =>
        state.EndedAt is { } ended ? now < ended + MemoryLimits.Horizon
            : now < state.Change.At + MemoryLimits.Horizon && EndsSoon(state, now);

    /// <summary>Tells of states that a build wrote which did not note when something ended.</summary>
    private static bool EndsSoon<TView>(SecretOwner<TView> state, DateTimeOffset now) =>
        state.Secrets.All().Any(secret => state.EndOf(secret) < now + MemoryLimits.Horizon);

    /// <summary>A create of what exists: done when it is the same one, sent again by a caller that missed the answer.</summary>
    public static Decision<TState?> CreateAgain<TState, TView>(TState existing, NewSecret first)
        where TState : SecretOwner<TView> =>
        existing.Secrets.Find(first.Id.ToString()) is not null
            ? new(ChangeOutcome.Done, existing)
            : new(ChangeOutcome.AlreadyExists, null);

    public static Decision<TState> Rotate<TState, TView>(
        TState state, StoredSecret secret, RotateSecret command, DateTimeOffset now)
        where TState : SecretOwner<TView>
    {
        // Sent again by a caller that missed the answer.
        if (state.Secrets.HasHad(command.Secret.Id, now)) return new(ChangeOutcome.Done, state);

        var deadline = Earlier(now + command.GracePeriod, state.LatestDeadline());
        var rotated = state.Secrets.Rotate(secret, deadline, now);
        return rotated is null
            ? new(ChangeOutcome.TooManyRetiringSecrets, state)
            : new(ChangeOutcome.Done, Changed<TState, TView>(state with { Secrets = rotated }, "rotated", command.Caller, now));
    }

    /// <summary>Ends one or all retiring secrets now. Cutting all when none is retiring changes nothing.</summary>
    public static Decision<TState> Cut<TState, TView>(TState state, CutRetiringSecrets command, DateTimeOffset now)
        where TState : SecretOwner<TView>
    {
        if (command.Secret is { } id && state.Secrets.FindRetiring(id, now) is null)
            return new(ChangeOutcome.RetiringSecretNotFound, state);
        if (!state.Secrets.HasRetiring(now)) return new(ChangeOutcome.Done, state);

        var cut = state.Secrets.Move(
            secret => command.Secret is null || secret.Id == command.Secret.ToString() ? now : secret.ValidUntil, now);
        return new(ChangeOutcome.Done, Changed<TState, TView>(state with { Secrets = cut }, "cut", command.Caller, now));
    }

    /// <summary>Moves the deadline of a retiring secret; to where it stands already changes nothing.</summary>
    public static Decision<TState> MoveDeadline<TState, TView>(TState state, MoveDeadline command, DateTimeOffset now)
        where TState : SecretOwner<TView>
    {
        if (state.Secrets.FindRetiring(command.Secret, now) is not { } retiring)
            return new(ChangeOutcome.RetiringSecretNotFound, state);
        if (command.ValidUntil <= now) return new(ChangeOutcome.DeadlineInThePast, state);
        if (command.ValidUntil > now + GracePeriod.Longest) return new(ChangeOutcome.DeadlineTooFar, state);
        if (command.ValidUntil > state.LatestDeadline()) return new(ChangeOutcome.DeadlinePastExpiry, state);
        if (command.ValidUntil == retiring.ValidUntil) return new(ChangeOutcome.Done, state);

        var moved = state.Secrets.Move(
            secret => secret.Id == retiring.Id ? command.ValidUntil : secret.ValidUntil, now);
        return new(ChangeOutcome.Done, Changed<TState, TView>(
            state with { Secrets = moved }, "deadline_moved", command.Caller, now));
    }

    /// <summary>The state without what has ended: hashes and receipts. Not a change that people see.</summary>
    public static TState EraseEnded<TState, TView>(TState state, DateTimeOffset now)
        where TState : SecretOwner<TView>
    {
        var secrets = state.Secrets.WithoutEnded(now);
        var receipts = state.Receipts.WithoutEnded(now);
        return ReferenceEquals(secrets, state.Secrets) && ReferenceEquals(receipts, state.Receipts)
            ? state
            : state with { Secrets = secrets, Receipts = receipts };
    }

    public static TState Changed<TState, TView>(TState state, string action, Caller caller, DateTimeOffset now)
        where TState : SecretOwner<TView> =>
        state with { Revision = state.Revision + 1, Change = new Change(action, caller.Actor, now) };

    private static DateTimeOffset Earlier(DateTimeOffset deadline, DateTimeOffset? limit) =>
        limit < deadline ? limit.Value : deadline;
}
