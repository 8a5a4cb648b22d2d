namespace KeysCluster.Grains.SecretHolders;

/// <summary>
/// The decision of a rule: the outcome of a command, and the state after it. The state is the same instance when the
/// command changes nothing, and null when there is none.
/// </summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="State">The state after the command.</param>
/// <param name="RequiresInvalidation">
/// Whether a secret is invalid after the command that was valid before, now or within
/// <see cref="Leases.LeaseOptions.MaxPropagation"/>, or a cache could refuse what the command permits. The change is
/// then not acknowledged before every cache is invalidated.
/// </param>
internal readonly record struct Decision<TState>(
    ChangeOutcome Outcome, TState? State, bool RequiresInvalidation = false)
    where TState : SecretHolderState;
