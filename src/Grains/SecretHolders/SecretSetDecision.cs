using KeysCluster.Grains.Secrets;

namespace KeysCluster.Grains.SecretHolders;

/// <summary>The decision of a rule for a set of secrets.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Secrets">The set after the command; null when the command changes nothing.</param>
/// <param name="EventType">The type of the event; null when the command changes nothing.</param>
/// <param name="SecretId">The secret that the event concerns; null for several.</param>
/// <param name="RequiresInvalidation">See <see cref="Decision{TState}"/>.</param>
internal readonly record struct SecretSetDecision(
    ChangeOutcome Outcome,
    SecretSet? Secrets = null,
    string? EventType = null,
    string? SecretId = null,
    bool RequiresInvalidation = false)
{
    /// <summary>Returns the decision for the state that contains the set.</summary>
    /// <param name="state">The state.</param>
    /// <param name="caller">The caller, whom the event names.</param>
    /// <param name="now">The time.</param>
    /// <param name="replace">Returns the state with another set in the place of this one.</param>
    public Decision<TState> ApplyTo<TState>(
        TState state, Caller caller, DateTimeOffset now, Func<SecretSet, TState> replace)
        where TState : SecretHolderState
    {
        var next = Secrets is null
            ? state
            : SecretHolderLifecycle.WithEvent(replace(Secrets), EventType!, caller, now, SecretId);
        return new(Outcome, next, RequiresInvalidation);
    }
}
